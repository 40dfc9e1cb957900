"""微信客服 end to end against a vendor on a loopback port: pulling, greeting, sending, and what goes wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests.channels.lines import TestLine, account_for
from tests.channels.wechat.kf.test_render import letter
from tests.serving import served
from yizhan.channels.wechat.kf import ADAPTER, KfSender, message_id, pull
from yizhan.desk.channels import Arrival, ChannelEvent, DeliveryReport, MediaGone, Pulled, Recall
from yizhan.desk.outbound import ErrorClass, LetterFile, SendFailed
from yizhan.foundation.clock import FakeClock
from yizhan.simulator import Blob, Fault, Human
from yizhan.simulator.wecom import WeCom

ANNA = Human(key="anna", name="王晓燕 🌸")
PICTURE = b"\x89PNG\r\n\x1a\n picture"


@pytest.fixture
async def vendor(clock: FakeClock) -> AsyncIterator[WeCom]:
    made = WeCom(clock)
    async with served(made) as base:
        made.base = base
        yield made
    await made.pusher.close()


def line_to(vendor: WeCom, clock: FakeClock, **settings: Any) -> TestLine:
    said = {**vendor.settings("wechat_kf"), "timeout": 2.0, **settings}
    return TestLine(account_for(ADAPTER, said, vendor.secrets("wechat_kf")), clock, files={"pic": PICTURE})


@pytest.fixture
async def line(vendor: WeCom, clock: FakeClock) -> AsyncIterator[TestLine]:
    made = line_to(
        vendor, clock, welcome="您好, 请问有什么可以帮您?", welcome_menu=["退货", "发票"]
    )
    yield made
    await made.http.close()


async def drained(line: TestLine, cursor: Any = None) -> tuple[list[Any], Any]:
    found: list[Any] = []
    while True:
        page: Pulled = await pull(line, cursor, "")
        found, cursor = [*found, *page.happenings], page.cursor
        if not page.more:
            return found, cursor


async def test_who_enters_is_greeted_once_and_his_words_say_where_he_came_from(vendor: WeCom, line: TestLine) -> None:
    anna = vendor.meet(ANNA)
    await vendor.act(anna, "shop")
    await vendor.say(anna, "灯不亮 💡")
    found, cursor = await drained(line)
    entered, said = found
    assert isinstance(entered, ChannelEvent)
    assert isinstance(said, Arrival)
    assert (entered.kind, entered.detail["welcome"], entered.detail["channels"]) == ("enter", "sent", "青禾小店")
    assert (said.name, said.text, said.origin["place"]) == ("王晓燕 🌸", "灯不亮 💡", "小店商品详情")
    assert [(each.kind, each.value) for each in said.proofs] == [("unionid", ANNA.unionid)]
    assert [each.kind for each in vendor.people.chat("wechat_kf", anna.id) if each.by == "house"] == ["msgmenu"]
    again, _ = await drained(line)  # the page was not stored: the same comes again, and nobody is greeted twice
    assert [each.id for each in again] == [entered.id, said.id]
    assert len(vendor.journal.calls("/cgi-bin/kf/send_msg_on_event")) == 1
    assert (await drained(line, cursor))[0] == []


async def test_a_greeting_that_is_too_late_is_not_tried(vendor: WeCom, line: TestLine, clock: FakeClock) -> None:
    await vendor.act(vendor.meet(ANNA), "enter")
    clock.advance(timedelta(seconds=21))
    [entered], _ = await drained(line)
    assert entered.detail["welcome"] == "late"
    assert not vendor.journal.calls("/cgi-bin/kf/send_msg_on_event")


async def test_a_greeting_that_fails_holds_up_nothing(vendor: WeCom, line: TestLine) -> None:
    await vendor.act(vendor.meet(ANNA), "enter")
    vendor.faults.add(
        [Fault(status=502, path="/cgi-bin/kf/send_msg_on_event"), Fault(html=True, path="/cgi-bin/kf/customer")]
    )
    [entered], _ = await drained(line)
    assert (entered.detail["welcome"], entered.name[-2:]) == ("failed", vendor.meet(ANNA).id[-2:])


async def test_sessions_are_kept_with_us(vendor: WeCom, line: TestLine) -> None:
    anna = vendor.meet(ANNA)
    await vendor.say(anna, "在吗")
    _, cursor = await drained(line)
    assert vendor.kf.states[anna.id] == 1
    await vendor.say(anna, "在吗?")
    await drained(line, cursor)
    assert len(vendor.journal.calls("/cgi-bin/kf/service_state/get")) == 1


async def test_pages_go_on_as_long_as_more_waits(vendor: WeCom, line: TestLine, clock: FakeClock) -> None:
    short = line_to(vendor, clock, page=2)
    for each in range(5):
        await vendor.say(vendor.meet(ANNA), f"{each}")
    found, cursor = await drained(short)
    assert [each.text for each in found] == ["0", "1", "2", "3", "4"]
    assert (await drained(short, cursor))[0] == []
    assert len((await drained(short, {**cursor, "account": "wkBEFORE"}))[0]) == 5
    await short.http.close()


async def test_a_nudge_that_waited_too_long_is_pulled_without_its_token(vendor: WeCom, line: TestLine) -> None:
    await vendor.say(vendor.meet(ANNA), "在吗")
    page = await pull(line, None, "token-of-an-hour-ago")
    assert len(page.happenings) == 1
    assert len(vendor.journal.calls("/cgi-bin/kf/sync_msg")) == 2


async def test_a_token_that_ends_before_its_time_is_got_again(vendor: WeCom, line: TestLine) -> None:
    await vendor.say(vendor.meet(ANNA), "在吗")
    await drained(line)
    vendor.expire_tokens()
    assert (await KfSender(line).send(letter(to=vendor.meet(ANNA).id))).reported
    assert line.asked == 2


async def test_a_picture_comes_and_goes(vendor: WeCom, line: TestLine, clock: FakeClock) -> None:
    anna = vendor.meet(ANNA)
    await vendor.say(anna, kind="image", file=Blob("a.png", "image/png", PICTURE))
    [said], _ = await drained(line)
    ref = dict(said.media[0].ref)
    assert ADAPTER.fetch is not None
    assert (await ADAPTER.fetch(line, ref)).content == PICTURE
    files = (LetterFile("pic", "图.png", "image/png", size=len(PICTURE)),)
    await KfSender(line).send(letter(to=anna.id, text="", files=files))
    answered = vendor.people.chat("wechat_kf", anna.id)[-1]
    assert answered.file is not None
    assert (answered.kind, answered.file.content) == ("image", PICTURE)
    clock.advance(timedelta(days=3, seconds=1))
    with pytest.raises(MediaGone):
        await ADAPTER.fetch(line, ref)


async def failure(line: TestLine, **more: Any) -> SendFailed:
    with pytest.raises(SendFailed) as refused:
        await KfSender(line).send(letter(**more))
    return refused.value


async def test_the_sixth_reply_and_one_after_two_days_are_refused(
    vendor: WeCom, line: TestLine, clock: FakeClock
) -> None:
    anna = vendor.meet(ANNA)
    await vendor.say(anna, "在吗")
    for each in range(5):
        await KfSender(line).send(letter(to=anna.id, message_id=UUID(int=each)))
    assert (await failure(line, to=anna.id)).error_class is ErrorClass.QUOTA_EXHAUSTED
    clock.advance(timedelta(hours=49))
    late = await failure(line, to=anna.id)
    assert (late.error_class, late.retry_after) == (ErrorClass.WINDOW_CLOSED, None)


async def test_a_session_that_others_serve_is_named(vendor: WeCom, line: TestLine) -> None:
    anna = vendor.meet(ANNA)
    await vendor.say(anna, "在吗")
    vendor.kf.states[anna.id] = 3
    served_there = await failure(line, to=anna.id)
    assert served_there.error_class is ErrorClass.PERMISSION
    assert "企业微信客户端" in served_there.message
    vendor.kf.states[anna.id] = 4
    assert (await failure(line, to=anna.id)).error_class is ErrorClass.WINDOW_CLOSED


async def test_who_leaves_hears_a_last_word_and_is_ours_again_when_he_comes_back(
    vendor: WeCom, clock: FakeClock
) -> None:
    line, anna = line_to(vendor, clock, farewell="再见, 祝您愉快"), vendor.meet(ANNA)
    await vendor.say(anna, "在吗")
    _, cursor = await drained(line)
    await vendor.act(anna, "served")
    await vendor.act(anna, "ended")
    taken, ended = (await drained(line, cursor))[0]
    assert [each.detail["change"] for each in (taken, ended)] == ["taken", "ended"]
    assert vendor.people.chat("wechat_kf", anna.id)[-1].text == "再见, 祝您愉快"
    await vendor.say(anna, "还有一事")
    await drained(line, cursor)
    assert vendor.kf.states[anna.id] == 1
    await line.http.close()


async def test_what_may_have_arrived_is_sent_again_and_arrives_once(vendor: WeCom, line: TestLine) -> None:
    anna = vendor.meet(ANNA)
    await vendor.say(anna, "在吗")
    vendor.faults.add([Fault(lose=True, path="/cgi-bin/kf/send_msg")])
    lost = await failure(line, to=anna.id)
    assert (lost.error_class, lost.retry_after, lost.ambiguous) == (ErrorClass.TRANSIENT, timedelta(seconds=5), False)
    receipt = await KfSender(line).send(letter(to=anna.id, attempt=2))
    assert receipt.vendor_id == message_id(letter().message_id)
    assert [each.text for each in vendor.people.chat("wechat_kf", anna.id) if each.by == "house"] == ["您好"]


async def test_a_refused_repetition_whose_code_nobody_named_is_unknown(vendor: WeCom, clock: FakeClock) -> None:
    line = line_to(vendor, clock, duplicate_codes=[])
    anna = vendor.meet(ANNA)
    await vendor.say(anna, "在吗")
    await KfSender(line).send(letter(to=anna.id))
    again = await failure(line, to=anna.id, attempt=2)
    assert (again.error_class, again.ambiguous) == (ErrorClass.UNKNOWN, True)
    await line.http.close()


@pytest.mark.parametrize(("fault", "cause", "again"), [
    (Fault(errcode=45009), ErrorClass.THROTTLE, True), (Fault(errcode=-1), ErrorClass.TRANSIENT, True),
    (Fault(status=503), ErrorClass.TRANSIENT, True), (Fault(html=True), ErrorClass.TRANSIENT, True),
    (Fault(errcode=60020), ErrorClass.PERMISSION, False), (Fault(errcode=99999), ErrorClass.BAD_REQUEST, False),
    (Fault(errcode=40096), ErrorClass.RECIPIENT, False),
])  # fmt: skip
async def test_refusals_have_classes(
    vendor: WeCom, line: TestLine, fault: Fault, cause: ErrorClass, *, again: bool
) -> None:
    await vendor.say(vendor.meet(ANNA), "在吗")
    vendor.faults.add([msgspec.structs.replace(fault, path="/cgi-bin/kf/send_msg")])
    refused = await failure(line, to=vendor.meet(ANNA).id)
    assert (refused.error_class, refused.retry_after is not None) == (cause, again)


async def test_what_was_accepted_and_did_not_arrive_is_reported(vendor: WeCom, line: TestLine) -> None:
    anna = vendor.meet(ANNA)
    said = await vendor.say(anna, "在吗")
    _, cursor = await drained(line)
    vendor.kf.fail_next.append(10)
    receipt = await KfSender(line).send(letter(to=anna.id))
    await vendor.take_back(anna, said)
    [report, recall], _ = await drained(line, cursor)
    assert isinstance(report, DeliveryReport)
    assert (receipt.reported, report.vendor_id, report.error_class) == (True, receipt.vendor_id, ErrorClass.RECIPIENT)
    assert isinstance(recall, Recall)
    assert recall.id == said.id


async def test_the_settings_are_tried_for_real(vendor: WeCom, line: TestLine, clock: FakeClock) -> None:
    assert ADAPTER.check is not None
    assert {each.name: each.ok for each in await ADAPTER.check(line)} == {
        "token": True,
        "callback": True,
        "account": True,
    }
    other = line_to(vendor, clock, open_kfid="wkOTHER")
    wrong = {each.name: each for each in await ADAPTER.check(other)}["account"]
    assert (wrong.ok, vendor.kf.account in wrong.detail, bool(wrong.hint_zh)) == (False, True, True)
    vendor.faults.add([Fault(errcode=40001, path="/cgi-bin/gettoken")])
    assert [each.ok for each in await ADAPTER.check(other)] == [False, True]
    await other.http.close()
