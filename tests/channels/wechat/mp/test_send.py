"""Answers through the stand-in: what arrived, what was refused and why, and what perhaps arrived."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from tests.channels.lines import TestLine, account_for
from tests.channels.wechat.mp.test_render import LETTER, PNG
from tests.serving import served
from yizhan.channels.wechat.mp import ADAPTER
from yizhan.channels.wechat.mp.adapter import check, fetch
from yizhan.desk.channels import MediaGone
from yizhan.desk.outbound import ErrorClass, Letter, LetterFile, SendFailed
from yizhan.foundation.clock import FakeClock
from yizhan.simulator import Blob, Fault, Human, Person
from yizhan.simulator.wechat import WeChat
from yizhan.simulator.wechat_calls import MP

ANNA = Human(key="anna", name="王晓燕")
SEND, TOKEN = "/cgi-bin/message/custom/send", "/cgi-bin/stable_token"


class Desk:
    """An inbox of ours at the stand-in, and a follower who has just written."""

    def __init__(self, vendor: WeChat, line: TestLine, anna: Person) -> None:
        self.vendor, self.line, self.anna = vendor, line, anna
        assert ADAPTER.sender is not None
        self.sender = ADAPTER.sender(line)

    def letter(self, **changes: Any) -> Letter:
        to = f"{self.vendor.sites[MP].appid}:{self.anna.id}"
        return msgspec.structs.replace(LETTER, **({"to": to} | changes))

    async def refused(self, **changes: Any) -> SendFailed:
        with pytest.raises(SendFailed) as failed:
            await self.sender.send(self.letter(**changes))
        return failed.value

    def heard(self) -> list[tuple[str, str]]:
        return [(b.kind, b.text) for b in self.vendor.people.chat(MP, self.anna.id) if b.by == "house"]


@pytest.fixture
async def desk(clock: FakeClock) -> AsyncIterator[Desk]:
    vendor = WeChat(clock)
    async with served(vendor) as base:
        vendor.base = base
        settings = {
            **vendor.settings(MP),
            "timeout": 1,
            "templates": ["T1 {{first.DATA}}"],
            "notices": ["N1 {{thing1.DATA}}"],
        }
        line = TestLine(account_for(ADAPTER, settings, vendor.secrets(MP)), clock, files={"h": b"\x89PNG"})
        anna = vendor.meet(ANNA)
        await vendor.say(anna, "在吗")
        yield Desk(vendor, line, anna)
        await line.http.close()


async def test_words_and_a_picture_arrive(desk: Desk) -> None:
    receipt = await desk.sender.send(desk.letter(text="明天到🙂 😀", files=(PNG,)))
    assert (receipt.vendor_id, receipt.reported) == ("", False)
    assert desk.heard() == [("text", "明天到🙂 😀"), ("image", "")]
    assert "明天到/::) 😀" in desk.vendor.journal.calls(SEND)[0].asked
    assert desk.line.asked == 1


async def test_a_template_is_reported_by_its_number(desk: Desk) -> None:
    payload = {"template": "T1", "blanks": {"first": "已发货"}}
    receipt = await desk.sender.send(desk.letter(kind="template", payload=payload, text=""))
    await desk.vendor.pusher.settled()
    assert receipt.reported
    assert desk.vendor.people.find(MP, receipt.vendor_id) is not None


async def test_a_template_is_known_when_it_comes_again(desk: Desk) -> None:
    letter = desk.letter(kind="template", payload={"template": "T1", "blanks": {"first": "已发货"}}, text="")
    first = await desk.sender.send(letter)
    assert await desk.sender.send(letter) == first
    assert len(desk.heard()) == 1
    desk.vendor.faults.add([Fault(lose=True, path="/cgi-bin/message/template")])
    failed = await desk.refused(kind="template", payload=letter.payload, text="")
    assert (failed.ambiguous, failed.retry_after) == (False, timedelta(seconds=5))


async def test_a_notice_for_each_time_he_allowed_one(desk: Desk) -> None:
    notice = {"kind": "template", "payload": {"template": "N1", "blanks": {"thing1": "已发货"}}, "text": ""}
    assert (await desk.refused(**notice)).error_class is ErrorClass.RECIPIENT
    await desk.vendor.act(desk.anna, "subscribe")
    await desk.sender.send(desk.letter(**notice))
    assert desk.heard() == [("template", "已发货")]
    assert (await desk.refused(**notice)).error_class is ErrorClass.RECIPIENT


async def test_a_token_that_ends_mid_send_is_asked_for_again(desk: Desk) -> None:
    await desk.sender.send(desk.letter())
    desk.vendor.expire_tokens()
    await desk.sender.send(desk.letter(text="还有"))
    assert [text for _, text in desk.heard()] == ["明天到🙂", "还有"]
    assert desk.line.asked == 2


async def test_the_sixth_answer_and_the_third_day(desk: Desk, clock: FakeClock) -> None:
    for _ in range(5):
        await desk.sender.send(desk.letter())
    assert (await desk.refused()).error_class is ErrorClass.QUOTA_EXHAUSTED
    clock.advance(timedelta(days=3))
    assert (await desk.refused()).error_class is ErrorClass.WINDOW_CLOSED


@pytest.mark.parametrize(
    ("code", "cause", "retry"),
    [
        (-1, ErrorClass.TRANSIENT, timedelta(seconds=2)),
        (40003, ErrorClass.RECIPIENT, None),
        (40164, ErrorClass.AUTH, None),
        (45011, ErrorClass.THROTTLE, timedelta(seconds=60)),
        (48001, ErrorClass.PERMISSION, None),
        (48002, ErrorClass.RECIPIENT, None),
        (45002, ErrorClass.CONTENT, None),
        (47001, ErrorClass.BAD_REQUEST, None),
        (99999, ErrorClass.BAD_REQUEST, None),
    ],
)
async def test_every_refusal_has_its_class(desk: Desk, code: int, cause: ErrorClass, retry: timedelta | None) -> None:
    desk.vendor.faults.add([Fault(errcode=code, path=SEND)])
    failed = await desk.refused()
    assert (failed.error_class, failed.retry_after, failed.ambiguous) == (cause, retry, False)
    assert str(code) in failed.message


async def test_a_day_that_is_used_up_ends_at_midnight_in_china(desk: Desk, clock: FakeClock) -> None:
    desk.vendor.faults.add([Fault(errcode=45009, path=SEND)])
    failed = await desk.refused()
    assert failed.retry_after is not None
    again = clock.now() + failed.retry_after + timedelta(hours=8)
    assert (again.hour, again.minute, again.second) == (0, 0, 0)


@pytest.mark.parametrize(
    "fault", [Fault(status=502, path=SEND), Fault(html=True, path=SEND), Fault(lose=True, path=SEND)]
)
async def test_what_perhaps_arrived_is_not_sent_again_by_itself(desk: Desk, fault: Fault) -> None:
    desk.vendor.faults.add([fault])
    failed = await desk.refused()
    assert (failed.error_class, failed.ambiguous, failed.retry_after) == (ErrorClass.UNKNOWN, True, None)


@pytest.mark.parametrize("path", [TOKEN, "/cgi-bin/media/upload"])
async def test_before_anything_was_said_it_is_tried_again(desk: Desk, path: str) -> None:
    desk.vendor.faults.add([Fault(status=502, path=path)])
    failed = await desk.refused(text="", files=(PNG,))
    assert (failed.error_class, failed.ambiguous) == (ErrorClass.TRANSIENT, False)
    assert failed.retry_after
    assert desk.heard() == []


async def test_of_two_parts_the_first_is_not_said_twice(desk: Desk) -> None:
    for _ in range(4):
        await desk.sender.send(desk.letter())
    failed = await desk.refused(files=(PNG,))
    assert (failed.error_class, failed.ambiguous) == (ErrorClass.QUOTA_EXHAUSTED, True)
    assert failed.message.startswith("1/2")


async def test_a_wrong_secret_is_said_to_be_one(desk: Desk) -> None:
    desk.vendor.sites[MP].secret = "changed"
    assert (await desk.refused()).error_class is ErrorClass.AUTH


async def test_files_of_customers_are_fetched_for_three_days(desk: Desk, clock: FakeClock) -> None:
    picture, film = (
        desk.vendor.keep(Blob("a.png", "image/png", b"\x89PNG")),
        desk.vendor.keep(Blob("b", "video/mp4", b"film")),
    )
    found = await fetch(desk.line, {"media_id": picture})
    assert (found.content, found.name, found.type) == (b"\x89PNG", "a.png", "image/png")
    assert (await fetch(desk.line, {"media_id": film})).content == b"film"
    clock.advance(timedelta(days=3))
    with pytest.raises(MediaGone):
        await fetch(desk.line, {"media_id": picture})


async def test_the_settings_are_tried(desk: Desk) -> None:
    assert all(each.ok for each in await check(desk.line))
    desk.line.tokens.clear()
    desk.vendor.faults.add([Fault(errcode=40164, path=TOKEN)])
    wrong = {each.name: each for each in await check(desk.line) if not each.ok}
    assert list(wrong) == ["allow_list"]
    assert "白名单" in wrong["allow_list"].hint_zh
    desk.vendor.faults.add([Fault(errcode=40125, path=TOKEN)])
    assert [each.name for each in await check(desk.line) if not each.ok] == ["access_token"]
    desk.vendor.faults.add([Fault(errcode=48001, path="/cgi-bin/message/custom/typing")])
    assert [each.name for each in await check(desk.line) if not each.ok] == ["custom_send"]


async def test_a_file_that_is_none_of_ours_is_refused(desk: Desk) -> None:
    failed = await desk.refused(text="", files=(LetterFile("h", "a.zip", "application/zip", size=9),))
    assert failed.error_class is ErrorClass.CONTENT
    assert desk.vendor.journal.calls(SEND) == []


async def test_who_followers_are(desk: Desk) -> None:
    desk.line.account = account_for(ADAPTER, {**desk.vendor.settings(MP), "tag_id": 7}, desk.vendor.secrets(MP))
    site, gone = desk.vendor.sites[MP], desk.vendor.meet(Human(key="gone", name="李雷"))
    await desk.vendor.act(gone, "unfollow")
    asked = [f"{site.appid}:{each}" for each in (desk.anna.id, gone.id)]
    assert ADAPTER.enrich is not None
    found = await ADAPTER.enrich(desk.line, asked)
    assert {address: [(each.kind, each.value) for each in proofs] for address, proofs in found.items()} == {
        asked[0]: [("unionid", ANNA.unionid)]
    }
    assert site.tags == {7: {desk.anna.id}}
    with_stranger = await ADAPTER.enrich(desk.line, [*asked, f"{site.appid}:o-of-another-account"])
    assert list(with_stranger) == [asked[0]]


async def test_he_sees_that_somebody_writes(desk: Desk) -> None:
    assert ADAPTER.typing is not None
    await ADAPTER.typing(desk.line, f"{desk.vendor.sites[MP].appid}:{desk.anna.id}")
    (call,) = desk.vendor.journal.calls("/cgi-bin/message/custom/typing")
    assert '"errcode":0' in call.answered
