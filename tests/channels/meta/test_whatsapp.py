"""WhatsApp: every type in, replies of every type out, states, windows, and what goes wrong."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests.channels.letters import NOW, a_letter
from tests.channels.lines import account_for
from tests.channels.standing import ANNA, Standing, standing
from yizhan.channels import adapter
from yizhan.channels.meta.whatsapp import WhatsappSettings, parse, render
from yizhan.desk.channels import Adapter, Arrival, ChannelEvent, DeliveryReport, MediaGone
from yizhan.desk.outbound import ErrorClass, LetterFile, SendFailed
from yizhan.foundation.clock import FakeClock
from yizhan.simulator import Blob, Fault
from yizhan.simulator.whatsapp import Whatsapp

TO = "8619900000001"


def ours() -> Adapter:
    found = adapter("whatsapp")
    assert found is not None
    return found


def heard(*messages: dict[str, Any], **more: Any) -> Any:
    value = {"metadata": {"phone_number_id": "7"}, "messages": list(messages), **more}
    said = {
        "object": "whatsapp_business_account",
        "entry": [{"id": "W", "changes": [{"field": "messages", "value": value}]}],
    }
    return parse(account_for(ours(), {"phone_number_id": "7"}, {}), json.dumps(said).encode())


def message(kind: str, **part: Any) -> dict[str, Any]:
    return {"from": TO, "id": f"wamid.{kind}", "timestamp": "1700000000", "type": kind, **part}


@pytest.mark.parametrize(
    ("said", "kind", "text", "payload"),
    [
        (message("text", text={"body": "在吗 😀"}), "text", "在吗 😀", None),
        (message("image", image={"id": "9", "mime_type": "image/jpeg", "caption": "看"}), "image", "看", None),
        (message("audio", audio={"id": "9", "mime_type": "audio/ogg; codecs=opus", "voice": True}), "voice", "", None),
        (message("sticker", sticker={"id": "9", "mime_type": "image/webp"}), "sticker", "", {"name": ""}),
        (
            message("location", location={"latitude": 31.2, "longitude": 121.5, "name": "外滩"}),
            "location", "外滩", {"latitude": 31.2, "longitude": 121.5, "name": "外滩", "address": ""},
        ),
        (
            message("interactive", interactive={"type": "list_reply", "list_reply": {"id": "r1", "title": "退货"}}),
            "event", "退货", {"name": "button", "key": "r1"},
        ),
        (message("button", button={"text": "好", "payload": "ok"}), "event", "好", {"name": "button", "key": "ok"}),
        (
            message("contacts", contacts=[{"name": {"formatted_name": "李"}, "phones": [{"phone": "+86 1"}]}]),
            "card", "李", {"title": "李", "text": "+86 1", "url": "", "picture": ""},
        ),
        (
            message("order", order={"product_items": [
                {"product_retailer_id": "A1", "quantity": 2, "item_price": 9.5, "currency": "CNY"}]}),
            "order", "",
            {"number": "", "title": "A1 ×2", "price": "19.00 CNY", "state": "", "picture": "", "url": ""},
        ),
        (message("hologram", hologram={"x": 1}), "unsupported", "", {"type": "hologram"}),
        (message("image", image="no"), "unsupported", "", {"type": "image"}),
    ],
)  # fmt: skip
def test_every_type(said: dict[str, Any], kind: str, text: str, payload: dict[str, Any] | None) -> None:
    [arrival] = heard(said)
    assert isinstance(arrival, Arrival)
    assert (arrival.kind, arrival.text, arrival.payload) == (kind, text, payload)
    assert (bool(arrival.raw), arrival.id) == (kind == "unsupported", said["id"])


def test_who_writes_is_known_by_number_and_by_id() -> None:
    contacts = [{"profile": {"name": "Anna"}, "wa_id": TO, "user_id": "CN.1"}]
    [both] = heard(message("text", text={"body": "1"}, from_user_id="CN.1"), contacts=contacts)
    assert (both.who.kind, both.who.value, both.name) == ("whatsapp", TO, "Anna")
    assert [(p.kind, p.value, p.verified_at) for p in both.proofs] == [
        ("phone", f"+{TO}", None), ("external", "whatsapp:CN.1", None),
    ]  # fmt: skip
    hidden = {**message("text", text={"body": "1"}), "from": "", "from_user_id": "CN.1"}
    [alone] = heard(hidden, contacts=contacts)
    assert (alone.who.value, alone.name, alone.proofs) == ("CN.1", "Anna", ())


def test_reactions_and_systems_are_no_messages() -> None:
    first, second = heard(
        message("reaction", reaction={"message_id": "wamid.1", "emoji": "👍"}),
        message("system", system={"type": "user_changed_number", "body": "changed"}),
    )
    assert isinstance(first, ChannelEvent)
    assert isinstance(second, ChannelEvent)
    assert (first.kind, first.detail["emoji"], second.kind) == ("reaction", "👍", "system")


def test_states_in_any_order() -> None:
    rows = [
        {"id": "w1", "status": "read", "timestamp": "1700000001"},
        {"id": "w1", "status": "delivered", "timestamp": "1700000000", "biz_opaque_callback_data": str(UUID(int=3))},
        {"id": "w2", "status": "failed", "errors": [{"code": 131047, "title": "Re-engagement message"}]},
        {"id": "w3", "status": "melted"},
    ]
    reports = heard(statuses=rows)
    assert all(isinstance(each, DeliveryReport) for each in reports)
    assert [(each.vendor_id, each.state) for each in reports] == [("w1", "read"), ("w1", "delivered"), ("w2", "failed")]
    assert (reports[1].ours, reports[2].error_class) == (UUID(int=3), ErrorClass.WINDOW_CLOSED)


@pytest.fixture
async def vendor() -> AsyncIterator[Standing]:
    async with standing(Whatsapp, FakeClock(NOW)) as made:
        made.vendor.meet(ANNA)
        yield made


async def send(at: Standing, **more: Any) -> Any:
    sender = ours().sender
    assert sender is not None
    return await sender(at.lines["whatsapp"]).send(a_letter(TO, **more))


async def refused(at: Standing, **more: Any) -> SendFailed:
    with pytest.raises(SendFailed) as refusal:
        await send(at, **more)
    return refusal.value


async def test_there_and_back(vendor: Standing) -> None:
    person = vendor.vendor.meet(ANNA)
    assert (await vendor.vendor.say(person, "灯不亮 💡")).state == "accepted"
    [asked] = vendor.take()
    assert (asked.text, asked.who.value, asked.name) == ("灯不亮 💡", TO, "王晓燕")
    receipt = await send(vendor, text="换一个 😀")
    await vendor.vendor.pusher.settled()
    assert vendor.vendor.people.chat("whatsapp", TO)[-1].text == "换一个 😀"
    reports = vendor.take()
    assert [(each.vendor_id, each.ours) for each in reports] == [(receipt.vendor_id, UUID(int=3))] * 2
    assert {each.state for each in reports} == {"sent", "delivered"}
    await vendor.vendor.look(person)
    [read] = vendor.take()
    assert (read.vendor_id, read.state) == (receipt.vendor_id, "read")
    assert await vendor.vendor.confirm()


async def test_a_day_later_only_a_template_goes(vendor: Standing) -> None:
    assert (await refused(vendor)).error_class is ErrorClass.WINDOW_CLOSED
    template = {"template": "order_sent:zh_CN", "blanks": {"1": "A-88"}}
    await send(vendor, kind="template", payload=template)
    assert vendor.vendor.people.chat("whatsapp", TO)[-1].text == "您的订单A-88已发货"
    assert (await refused(vendor, kind="template", payload={**template, "blanks": {}})).error_class is (
        ErrorClass.BAD_REQUEST
    )
    assert (await refused(vendor, kind="template", payload={"template": "x:y"})).error_class is ErrorClass.PERMISSION
    [rule] = ours().windows(vendor.lines["whatsapp"].account.settings)
    assert (rule.seconds, rule.messages) == (timedelta(days=1).total_seconds(), None)


async def test_files_both_ways(vendor: Standing) -> None:
    photo = Blob("a.jpg", "image/jpeg", b"\xff\xd8jpeg")
    await vendor.vendor.say(vendor.vendor.meet(ANNA), "看", kind="image", file=photo)
    [arrival] = vendor.take()
    fetch = ours().fetch
    assert fetch is not None
    fetched = await fetch(vendor.lines["whatsapp"], dict(arrival.media[0].ref))
    assert (fetched.content, fetched.type) == (photo.content, "image/jpeg")
    with pytest.raises(MediaGone):
        await fetch(vendor.lines["whatsapp"], {"id": "12"})
    vendor.lines["whatsapp"].files["h"] = b"%PDF"
    file = LetterFile(hash="h", name="发票.pdf", type="application/pdf", size=4)
    await send(vendor, files=(file,), text="给您")
    shown = vendor.vendor.people.chat("whatsapp", TO)[-1]
    assert (shown.kind, shown.file, shown.text) == ("file", Blob("发票.pdf", "application/pdf", b"%PDF"), "给您")
    large = msgspec.structs.replace(file, type="image/png", size=6 * 1024 * 1024)
    assert (await refused(vendor, files=(large,))).error_class is ErrorClass.BAD_REQUEST


@pytest.mark.parametrize(
    ("fault", "error_class", "ambiguous", "again"),
    [
        (Fault(code=190), ErrorClass.AUTH, False, False),
        (Fault(code=131047), ErrorClass.WINDOW_CLOSED, False, False),
        (Fault(code=131056), ErrorClass.QUOTA_EXHAUSTED, False, True),
        (Fault(code=130429), ErrorClass.THROTTLE, False, True),
        (Fault(code=132001), ErrorClass.CONTENT, False, False),
        (Fault(code=131000), ErrorClass.TRANSIENT, False, True),
        (Fault(status=500), ErrorClass.TRANSIENT, False, True),
        (Fault(html=True), ErrorClass.UNKNOWN, True, False),
        (Fault(lose=True), ErrorClass.UNKNOWN, True, False),
    ],
)
async def test_a_refusal_has_its_class(
    vendor: Standing, fault: Fault, error_class: ErrorClass, *, ambiguous: bool, again: bool
) -> None:
    vendor.vendor.faults.add([fault])
    refusal = await refused(vendor)
    assert (refusal.error_class, refusal.ambiguous, refusal.retry_after is not None) == (error_class, ambiguous, again)


async def test_the_settings_are_tried(vendor: Standing) -> None:
    check = ours().check
    assert check is not None
    assert all(each.ok for each in await check(vendor.lines["whatsapp"]))
    vendor.vendor.token = "another"
    assert [each.name for each in await check(vendor.lines["whatsapp"]) if not each.ok] == ["number"]


def test_a_quotation_is_shown_by_whatsapp() -> None:
    quoting = a_letter("8613800138000", payload={"quote": {"vendor_id": "wamid.7"}})
    told = json.loads(render(quoting, WhatsappSettings()))
    assert told["context"] == {"message_id": "wamid.7"}
    assert "context" not in json.loads(render(a_letter("8613800138000"), WhatsappSettings()))
