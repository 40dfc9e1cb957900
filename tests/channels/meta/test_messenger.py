"""Messenger and Instagram: what comes, what goes, echoes, recalls, windows."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.channels.letters import NOW, a_letter
from tests.channels.lines import account_for
from tests.channels.standing import ANNA, Standing, standing
from yizhan.channels import adapter
from yizhan.channels.meta.messenger import MessengerSettings, parse, render
from yizhan.desk.channels import Adapter, Arrival, ChannelEvent, DeliveryReport, Recall, SignatureRefused
from yizhan.desk.outbound import ErrorClass, LetterFile, SendFailed
from yizhan.foundation.clock import FakeClock
from yizhan.simulator import Blob, Fault
from yizhan.simulator.messenger import Messenger


def ours() -> Adapter:
    found = adapter("messenger")
    assert found is not None
    return found


def heard(*rows: dict[str, Any], platform: str = "page", **entry: Any) -> Any:
    said = {"object": platform, "entry": [{"id": "7", "messaging": list(rows), **entry}]}
    account = account_for(ours(), {"account_id": "7", "platform": platform}, {})
    return parse(account, json.dumps(said).encode())


def row(**more: Any) -> dict[str, Any]:
    return {"sender": {"id": "9007199254740993"}, "recipient": {"id": "7"}, "timestamp": 1700000000123, **more}


@pytest.mark.parametrize(
    ("said", "kind", "text", "payload"),
    [
        (row(message={"mid": "m1", "text": "在吗 😀"}), "text", "在吗 😀", None),
        (row(message={"mid": "m1", "text": "要", "quick_reply": {"payload": "Y"}}), "event", "要",
         {"name": "button", "key": "Y"}),
        (row(postback={"mid": "m1", "title": "开始", "payload": "GO"}), "event", "开始",
         {"name": "button", "key": "GO"}),
        (row(message={"mid": "m1", "attachments": [{"type": "image", "payload": {"url": "https://x.test/1"}}]}),
         "image", "", None),
        (row(message={"mid": "m1", "attachments": [
            {"type": "image", "payload": {"url": "https://x.test/1", "sticker_id": 369239263222822}}]}),
         "sticker", "", {"name": "369239263222822"}),
        (row(message={"mid": "m1", "attachments": [{"type": "fallback", "title": "灯", "payload": {"url": "u"}}]}),
         "link", "灯", {"title": "灯", "text": "", "url": "u", "picture": ""}),
        (row(message={"mid": "m1", "attachments": [{"type": "hologram"}]}), "unsupported", "", {"type": "hologram"}),
        (row(account_linking={"status": "linked"}), "unsupported", "", {"type": "account_linking"}),
    ],
)  # fmt: skip
def test_every_type(said: dict[str, Any], kind: str, text: str, payload: dict[str, Any] | None) -> None:
    [arrival] = heard(said)
    assert isinstance(arrival, Arrival)
    assert (arrival.kind, arrival.text, arrival.payload) == (kind, text, payload)
    assert (arrival.who.kind, arrival.who.value) == ("messenger", "9007199254740993")
    assert heard(said) == (arrival,)


def test_reports_echoes_recalls_and_acts() -> None:
    delivered, read, echo, deleted, act = heard(
        row(delivery={"mids": ["m1"], "watermark": 1}), row(read={"mid": "m1"}),
        row(message={"mid": "m2", "is_echo": True, "metadata": str(UUID(int=3)), "text": "您好"}),
        row(message={"mid": "m3", "is_deleted": True}), row(reaction={"mid": "m1", "emoji": "👍"}),
        row(message={"mid": "m4", "is_echo": True, "text": "written in another tool"}), row(read={"watermark": 1}),
        platform="instagram",
    )  # fmt: skip
    assert (delivered, read) == (DeliveryReport(vendor_id="m1", state="delivered"),
                                 DeliveryReport(vendor_id="m1", state="read"))  # fmt: skip
    assert echo == DeliveryReport(vendor_id="m2", state="sent", ours=UUID(int=3))
    assert isinstance(deleted, Recall)
    assert deleted.id == "m3"
    assert isinstance(act, ChannelEvent)
    assert (act.kind, act.who.kind, act.detail["emoji"]) == ("reaction", "instagram", "👍")


def test_comments_are_kept_and_other_pages_refused() -> None:
    change = {"field": "feed", "value": {"item": "comment", "from": {"id": "5", "name": "王"}, "message": "?"}}
    [kept] = heard(changes=[change])
    assert (kept.kind, kept.payload, kept.name) == ("unsupported", {"type": "feed"}, "王")
    with pytest.raises(SignatureRefused):
        parse(account_for(ours(), {"account_id": "8"}, {}), b'{"object":"page","entry":[{"id":"7"}]}')


def test_people_may_answer_for_longer_where_meta_lets_them() -> None:
    settings = MessengerSettings(human_agent=True)
    [rule] = ours().windows(settings)
    assert rule.seconds == timedelta(days=7).total_seconds()
    assert render(a_letter("1"), settings)["tag"] == "HUMAN_AGENT"
    assert render(a_letter("1", author="system"), settings)["messaging_type"] == "RESPONSE"
    with pytest.raises(SendFailed):
        render(a_letter("1", "x" * 1001), MessengerSettings(platform="instagram"))


@pytest.fixture
async def vendor() -> AsyncIterator[Standing]:
    async with standing(Messenger, FakeClock(NOW)) as made:
        yield made


async def send(at: Standing, to: str, **more: Any) -> Any:
    sender = ours().sender
    assert sender is not None
    return await sender(at.lines["messenger"]).send(a_letter(to, **more))


async def test_there_and_back(vendor: Standing) -> None:
    person = vendor.vendor.meet(ANNA)
    said = await vendor.vendor.say(person, "", kind="image", file=Blob("a.jpg", "image/jpeg", b"\xff\xd8"))
    [asked] = vendor.take()
    assert asked.id == said.id
    assert ours().fetch is not None
    assert (await ours().fetch(vendor.lines["messenger"], dict(asked.media[0].ref))).content == b"\xff\xd8"  # type: ignore[misc]
    receipt = await send(vendor, person.id, text="收到 😀")
    await vendor.vendor.pusher.settled()
    assert {(each.state, each.ours) for each in vendor.take()} == {("sent", UUID(int=3)), ("delivered", None)}
    assert vendor.vendor.people.chat("messenger", person.id)[-1].id == receipt.vendor_id
    vendor.lines["messenger"].files["h"] = b"ID3"
    await send(vendor, person.id, text="", files=(LetterFile(hash="h", name="a.mp3", type="audio/mpeg", size=3),))
    shown = vendor.vendor.people.chat("messenger", person.id)[-1]
    assert (shown.kind, shown.file) == ("voice", Blob("a.mp3", "audio/mpeg", b"ID3"))
    await vendor.vendor.take_back(person, said)
    assert isinstance(vendor.take()[-1], Recall)
    assert ours().check is not None
    assert all(each.ok for each in await ours().check(vendor.lines["messenger"]))  # type: ignore[misc]


@pytest.mark.parametrize(
    ("fault", "error_class"),
    [
        (None, ErrorClass.WINDOW_CLOSED), (Fault(code=551), ErrorClass.RECIPIENT),
        (Fault(code=613), ErrorClass.THROTTLE),
        (Fault(code=200), ErrorClass.PERMISSION), (Fault(lose=True), ErrorClass.UNKNOWN),
    ],
)  # fmt: skip
async def test_a_refusal_has_its_class(vendor: Standing, fault: Fault | None, error_class: ErrorClass) -> None:
    person = vendor.vendor.meet(ANNA)
    if fault is not None:
        vendor.vendor.faults.add([fault])
    with pytest.raises(SendFailed) as refusal:
        await send(vendor, person.id)
    assert refusal.value.error_class is error_class


async def test_a_name_is_asked_for_where_the_profile_may_be_read() -> None:
    async with standing(Messenger, FakeClock(NOW)) as at:
        found, anna = ours(), at.vendor.meet(ANNA)
        assert found.enrich
        names = await found.enrich(at.lines["messenger"], [anna.id, "12345"])
        assert {each: [one.value for one in said] for each, said in names.items()} == {anna.id: ["王晓燕"]}
