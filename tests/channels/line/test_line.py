"""LINE: events of every type in, pushes under a retry key out, recalls, and what goes wrong."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec
import pytest

from tests.channels.letters import NOW, a_letter
from tests.channels.lines import account_for
from tests.channels.standing import ANNA, Standing, letter, standing
from yizhan.channels import adapter
from yizhan.channels.line import parse, sign, verify
from yizhan.channels.line.send import _USED
from yizhan.desk.channels import Adapter, Arrival, ChannelEvent, MediaGone, Recall, SignatureRefused
from yizhan.desk.outbound import ErrorClass, Receipt, SendFailed
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.errors import Invalid
from yizhan.foundation.http import HttpFailed
from yizhan.simulator import Blob, Fault
from yizhan.simulator.line import Line, signed

VECTOR = json.loads((Path(__file__).parents[1] / "vectors.json").read_text())["line_signature"]


def ours() -> Adapter:
    found = adapter("line")
    assert found is not None
    return found


def heard(*events: dict[str, Any], bot: str = "") -> Any:
    account = account_for(ours(), {"bot_id": bot}, {})
    return parse(account, json.dumps({"destination": "Ubot", "events": list(events)}).encode())


def event(kind: str = "message", **more: Any) -> dict[str, Any]:
    return {
        "type": kind, "webhookEventId": "01H1", "timestamp": 1700000000123, "mode": "active",
        "source": {"type": "user", "userId": "U1"}, **more,
    }  # fmt: skip


async def test_a_name_is_asked_for_and_what_is_left_of_the_month_is_said() -> None:
    async with standing(Line, FakeClock(NOW)) as at:
        found, line = ours(), at.lines["line"]
        anna = at.vendor.meet(ANNA)
        assert found.enrich
        assert found.check
        names = await found.enrich(line, [anna.id, "U" + "0" * 32, "R1"])
        assert {each: [one.value for one in said] for each, said in names.items()} == {anna.id: ["王晓燕"]}
        assert [each.detail for each in await found.check(line) if each.name == "push_quota"] == ["0 / 500"]
        at.vendor.monthly, at.vendor.pushed = 0, 500
        assert [each.ok for each in await found.check(line) if each.name == "push_quota"] == [False]


async def test_quick_answers_cost_nothing_and_later_ones_are_pushed() -> None:
    clock = FakeClock(NOW)
    async with standing(Line, clock) as at:
        anna = at.vendor.meet(ANNA)
        await at.vendor.say(anna, "在吗")
        (said,) = at.take()
        sender = ours().sender
        assert sender
        way = sender(at.lines["line"])

        async def answered(text: str) -> Receipt:
            made = letter(anna.id, text, clock.now(), answers=said.payload)
            return await way.send(msgspec.structs.replace(made, message_id=uuid5(NAMESPACE_URL, text)))

        assert (await answered("在")).vendor_id
        assert at.vendor.pushed == 0
        await answered("请讲")
        assert at.vendor.pushed == 1, "a token is good once"
        _USED.clear()
        await answered("还在吗")
        assert at.vendor.pushed == 2, "one that was used before a restart is none: it is pushed"
        await at.vendor.say(anna, "刚才走开了")
        (said,) = at.take()
        clock.advance(timedelta(seconds=55))
        await answered("没事")
        assert at.vendor.pushed == 3
        assert [each.text for each in at.vendor.people.chat("line", anna.id) if each.by == "house"] == [
            "在", "请讲", "还在吗", "没事",
        ]  # fmt: skip


def test_both_sides_sign_as_line_does() -> None:
    body = VECTOR["raw_body"].encode()
    assert sign(VECTOR["channel_secret"], body) == signed(VECTOR["channel_secret"], body) == VECTOR["expected"]
    for secret, signature, what in (
        (VECTOR["channel_secret"], VECTOR["expected"], body + b" "), ("", signed("", body), body), ("x", "", body),
    ):  # fmt: skip
        with pytest.raises(SignatureRefused):
            verify(secret, signature, what)


@pytest.mark.parametrize(
    ("said", "kind", "text", "payload"),
    [
        ({"type": "text", "text": "在吗 😀"}, "text", "在吗 😀", None),
        ({"type": "audio", "contentProvider": {"type": "line"}}, "voice", "", None),
        ({"type": "file", "fileName": "a.pdf", "fileSize": 3}, "file", "", None),
        ({"type": "sticker", "packageId": "1", "stickerId": "2", "keywords": ["hi"]}, "sticker", "hi", {"name": "hi"}),
        ({"type": "location", "latitude": 1.5, "longitude": 2.5, "address": "路"}, "location", "路",
         {"latitude": 1.5, "longitude": 2.5, "name": "", "address": "路"}),
        ({"type": "hologram"}, "unsupported", "", {"type": "hologram"}),
    ],
)  # fmt: skip
def test_every_type(said: dict[str, Any], kind: str, text: str, payload: dict[str, Any] | None) -> None:
    [arrival] = heard(event(message={"id": "444000199999999999", **said}))
    assert isinstance(arrival, Arrival)
    assert (arrival.kind, arrival.text, arrival.payload) == (kind, text, payload)
    assert (arrival.id, arrival.who.value) == ("444000199999999999", "U1")


def test_what_is_no_message() -> None:
    follow, unsend, tap, new = heard(
        event("follow", follow={"isUnblocked": True}), event("unsend", unsend={"messageId": "44"}),
        event("postback", postback={"data": "return"}), event("dream"),
    )  # fmt: skip
    assert isinstance(follow, ChannelEvent)
    assert (follow.kind, follow.detail) == ("follow", {"first": False})
    assert isinstance(unsend, Recall)
    assert (unsend.id, tap.kind, tap.text, new.kind) == ("44", "event", "return", "unsupported")
    assert heard() == ()
    assert heard(event("botSuspended", source={})) == ()


def test_groups_standby_and_other_accounts() -> None:
    source = {"type": "group", "groupId": "C1", "userId": "U1"}
    [said] = heard(event(message={"id": "1", "type": "text", "text": "x"}, source=source, mode="standby"))
    assert (said.who.value, said.origin) == ("C1", {"standby": True, "group": {"type": "group", "user": "U1"}})
    with pytest.raises(SignatureRefused):
        heard(event(), bot="Uother")
    with pytest.raises(Invalid):
        parse(account_for(ours(), {}, {}), b'{"events":1}')


@pytest.fixture
async def vendor() -> AsyncIterator[Standing]:
    async with standing(Line, FakeClock(NOW)) as made:
        made.vendor.meet(ANNA)
        yield made


async def send(at: Standing, **more: Any) -> Any:
    sender = ours().sender
    assert sender is not None
    return await sender(at.lines["line"]).send(a_letter(at.vendor.meet(ANNA).id, **more))


async def test_there_and_back(vendor: Standing) -> None:
    person = vendor.vendor.meet(ANNA)
    said = await vendor.vendor.say(person, "灯不亮 💡")
    [asked] = vendor.take()
    assert (said.state, asked.text) == ("accepted", "灯不亮 💡")
    receipt = await send(vendor, text="换一个 😀")
    shown = vendor.vendor.people.chat("line", person.id)[-1]
    assert (shown.text, shown.id) == ("换一个 😀", receipt.vendor_id)
    await vendor.vendor.take_back(person, said)
    [recall] = vendor.take()
    assert recall.id == asked.id
    assert await vendor.vendor.verify()
    assert ours().check is not None
    assert all(each.ok for each in await ours().check(vendor.lines["line"]))  # type: ignore[misc]


async def test_a_lost_answer_is_asked_for_again_and_nothing_is_said_twice(vendor: Standing) -> None:
    vendor.vendor.faults.add([Fault(lose=True)])
    with pytest.raises(SendFailed) as lost:
        await send(vendor)
    assert (lost.value.ambiguous, lost.value.retry_after is not None) == (False, True)
    await send(vendor, attempt=2)
    assert len(vendor.vendor.people.chat("line", vendor.vendor.meet(ANNA).id)) == 1


async def test_content_is_waited_for(vendor: Standing) -> None:
    await vendor.vendor.say(vendor.vendor.meet(ANNA), kind="voice", file=Blob("v.m4a", "audio/x-m4a", b"m4a"))
    [asked] = vendor.take()
    fetch, ref = ours().fetch, dict(asked.media[0].ref)
    assert fetch is not None
    vendor.vendor.preparing.add(ref["id"])
    with pytest.raises(HttpFailed):
        await fetch(vendor.lines["line"], ref)
    assert (await fetch(vendor.lines["line"], ref)).content == b"m4a"
    with pytest.raises(MediaGone):
        await fetch(vendor.lines["line"], {"id": "1"})


@pytest.mark.parametrize(
    ("fault", "error_class", "again"),
    [
        (Fault(code=429), ErrorClass.THROTTLE, True),
        (Fault(code=401), ErrorClass.AUTH, False),
        (Fault(code=403), ErrorClass.PERMISSION, False),
        (Fault(code=500), ErrorClass.TRANSIENT, True),
        (Fault(html=True), ErrorClass.TRANSIENT, True),
    ],
)
async def test_a_refusal_has_its_class(vendor: Standing, fault: Fault, error_class: ErrorClass, *, again: bool) -> None:
    vendor.vendor.faults.add([fault])
    with pytest.raises(SendFailed) as refusal:
        await send(vendor)
    assert (refusal.value.error_class, refusal.value.retry_after is not None) == (error_class, again)


async def test_the_month_is_used_up_and_the_customer_gone(vendor: Standing) -> None:
    vendor.vendor.monthly = 0
    with pytest.raises(SendFailed) as refusal:
        await send(vendor)
    assert (refusal.value.error_class, refusal.value.retry_after) == (ErrorClass.QUOTA_EXHAUSTED, None)
    vendor.vendor.monthly = 5
    await vendor.vendor.act(vendor.vendor.meet(ANNA), "unfollow")
    with pytest.raises(SendFailed) as gone:
        await send(vendor)
    assert gone.value.error_class is ErrorClass.RECIPIENT
