"""Telegram: updates of every type in, methods out, recalls, and what goes wrong."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from tests.channels.letters import NOW, a_letter
from tests.channels.lines import account_for
from tests.channels.standing import ANNA, Standing, standing
from yizhan.channels import adapter
from yizhan.channels.telegram import TelegramSettings, parse, render
from yizhan.desk.channels import Adapter, Arrival, ChannelEvent, MediaGone, Request, SignatureRefused
from yizhan.desk.outbound import ErrorClass, LetterFile, SendFailed
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.errors import Invalid
from yizhan.simulator import Blob, Fault
from yizhan.simulator.telegram import Telegram

PERSON = {"id": 5000000001, "is_bot": False, "first_name": "晓燕", "last_name": "王", "language_code": "zh-hans"}
CHAT = {"id": 5000000001, "type": "private"}


def ours() -> Adapter:
    found = adapter("telegram")
    assert found is not None
    return found


def heard(**update: Any) -> Any:
    return parse(json.dumps({"update_id": 1, **update}).encode(), NOW)


def message(**content: Any) -> dict[str, Any]:
    return {"message_id": 7, "from": PERSON, "chat": CHAT, "date": 1700000000, **content}


@pytest.mark.parametrize(
    ("content", "kind", "text", "payload"),
    [
        ({"text": "在吗 😀"}, "text", "在吗 😀", None),
        ({"photo": [{"file_id": "s", "width": 90}, {"file_id": "l", "width": 1280}], "caption": "看"},
         "image", "看", None),
        ({"voice": {"file_id": "v", "mime_type": "audio/ogg"}}, "voice", "", None),
        ({"animation": {"file_id": "v"}, "document": {"file_id": "v"}}, "video", "", None),
        ({"sticker": {"file_id": "s", "emoji": "😀", "set_name": "x"}}, "sticker", "😀", {"name": "x"}),
        ({"venue": {"location": {"latitude": 1.5, "longitude": 2.5}, "title": "店", "address": "路"},
          "location": {"latitude": 1.5, "longitude": 2.5}}, "location", "店",
         {"latitude": 1.5, "longitude": 2.5, "name": "店", "address": "路"}),
        ({"poll": {"question": "?"}}, "unsupported", "", {"type": "poll"}),
        ({"photo": "no"}, "unsupported", "", {"type": "photo"}),
    ],
)  # fmt: skip
def test_every_type(content: dict[str, Any], kind: str, text: str, payload: dict[str, Any] | None) -> None:
    [arrival] = heard(message=message(**content))
    assert isinstance(arrival, Arrival)
    assert (arrival.kind, arrival.text, arrival.payload) == (kind, text, payload)
    assert (arrival.id, arrival.who.value, arrival.name) == ("5000000001:7", "5000000001", "晓燕 王")
    if kind == "image":
        assert dict(arrival.media[0].ref) == {"id": "l"}


def test_only_his_own_number_is_a_proof() -> None:
    card = {"phone_number": "8619900000001", "first_name": "晓燕", "user_id": PERSON["id"]}
    [own] = heard(message=message(contact=card))
    assert [(p.kind, p.value) for p in own.proofs] == [("phone", "+8619900000001")]
    [other] = heard(message=message(contact={**card, "user_id": 4}))
    assert (other.kind, other.proofs) == ("card", ())
    [odd] = heard(message=message(contact={**card, "phone_number": "12"}))
    assert odd.proofs == ()


def test_an_edit_is_another_message_that_says_what_it_changes() -> None:
    [edit] = heard(edited_message=message(text="改", edit_date=1700000009))
    assert (edit.id, edit.origin) == ("5000000001:7:1700000009", {"edits": "5000000001:7"})


def test_a_group_is_answered_where_it_is() -> None:
    group = {"id": -1001234567890123, "type": "supergroup", "title": "售后群"}
    [said] = heard(message={**message(text="灯坏了"), "chat": group})
    assert (said.who.value, said.name, said.text) == ("-1001234567890123", "售后群", "晓燕 王: 灯坏了")
    [joined] = heard(message={**message(new_chat_members=[PERSON]), "chat": group})
    assert isinstance(joined, ChannelEvent)


def test_taps_and_blocks_and_what_nobody_knows() -> None:
    keyboard = {"inline_keyboard": [[{"text": "退货", "callback_data": "r"}]]}
    [tap] = heard(callback_query={
        "id": "9", "from": PERSON, "data": "r", "message": {**message(), "reply_markup": keyboard}})  # fmt: skip
    assert (tap.kind, tap.text, tap.payload) == ("event", "退货", {"name": "button", "key": "r"})
    [left] = heard(my_chat_member={"chat": CHAT, "from": PERSON, "new_chat_member": {"status": "kicked"}})
    assert isinstance(left, ChannelEvent)
    assert left.kind == "unfollow"
    [new] = heard(story_gift={"from": PERSON, "x": 1})
    assert (new.kind, new.payload, b"story_gift" in new.raw) == ("unsupported", {"type": "story_gift"}, True)
    assert heard(poll={"id": "1"}) == ()
    with pytest.raises(Invalid):
        parse(b"{}", NOW)


def test_the_token_is_said_back() -> None:
    assert ours().hear is not None
    account = account_for(ours(), {}, {"webhook_token": "w"})
    body = json.dumps({"update_id": 1, "message": message(text="1")}).encode()
    right = Request(method="POST", query="", headers={"x-telegram-bot-api-secret-token": "w"}, body=body)
    assert len(ours().hear(account, right, NOW).happenings) == 1  # type: ignore[misc]
    for headers in ({}, {"x-telegram-bot-api-secret-token": "W"}):
        with pytest.raises(SignatureRefused):
            ours().hear(account, msgspec.structs.replace(right, headers=headers), NOW)  # type: ignore[misc]


@pytest.fixture
async def vendor() -> AsyncIterator[Standing]:
    async with standing(Telegram, FakeClock(NOW)) as made:
        made.vendor.meet(ANNA)
        yield made


async def send(at: Standing, **more: Any) -> Any:
    sender = ours().sender
    assert sender is not None
    return await sender(at.lines["telegram"]).send(a_letter(at.vendor.meet(ANNA).id, **more))


async def test_there_and_back_and_taken_back(vendor: Standing) -> None:
    said = await vendor.vendor.say(vendor.vendor.meet(ANNA), "灯不亮 💡")
    [asked] = vendor.take()
    assert (said.state, asked.text, asked.id) == ("accepted", "灯不亮 💡", said.id)
    receipt = await send(vendor, text="换一个 😀")
    shown = vendor.vendor.people.chat("telegram", asked.who.value)[-1]
    assert (shown.text, shown.id, receipt.reported) == ("换一个 😀", receipt.vendor_id, False)
    assert ours().recall is not None
    await ours().recall(vendor.lines["telegram"], receipt.vendor_id, {})  # type: ignore[misc]
    assert shown.state == "recalled"
    able = ours().capabilities(vendor.lines["telegram"].account.settings)
    assert (able.recall, able.receipts) == (timedelta(hours=48), frozenset())


async def test_files_both_ways(vendor: Standing) -> None:
    await vendor.vendor.say(vendor.vendor.meet(ANNA), "", kind="voice", file=Blob("v.ogg", "audio/ogg", b"OggS"))
    [asked] = vendor.take()
    fetch, line = ours().fetch, vendor.lines["telegram"]
    assert fetch is not None
    assert (await fetch(line, dict(asked.media[0].ref))).content == b"OggS"
    with pytest.raises(MediaGone):
        await fetch(line, {"id": "gone"})
    line.files["h"] = b"\xff\xd8"
    await send(vendor, text="看", files=(LetterFile(hash="h", name="a.jpg", type="image/jpeg", size=2),))
    shown = vendor.vendor.people.chat("telegram", asked.who.value)[-1]
    assert (shown.kind, shown.text, shown.file) == ("image", "看", Blob("a.jpg", "image/jpeg", b"\xff\xd8"))
    await send(vendor, kind="location", text="", payload={"latitude": 31.2, "longitude": 121.5, "name": "外滩"})
    assert vendor.vendor.people.chat("telegram", asked.who.value)[-1].text == "外滩"


@pytest.mark.parametrize(
    ("fault", "error_class", "ambiguous", "again"),
    [
        (Fault(code=429), ErrorClass.THROTTLE, False, True),
        (Fault(code=403), ErrorClass.RECIPIENT, False, False),
        (Fault(code=401), ErrorClass.AUTH, False, False),
        (Fault(code=400), ErrorClass.BAD_REQUEST, False, False),
        (Fault(status=500), ErrorClass.TRANSIENT, False, True),
        (Fault(lose=True), ErrorClass.UNKNOWN, True, False),
    ],
)
async def test_a_refusal_has_its_class(
    vendor: Standing, fault: Fault, error_class: ErrorClass, *, ambiguous: bool, again: bool
) -> None:
    vendor.vendor.faults.add([fault])
    with pytest.raises(SendFailed) as refusal:
        await send(vendor)
    said = refusal.value
    assert (said.error_class, said.ambiguous, said.retry_after is not None) == (error_class, ambiguous, again)


async def test_telegram_says_how_long_to_wait(vendor: Standing) -> None:
    vendor.vendor.faults.add([Fault(code=429)])
    with pytest.raises(SendFailed) as refusal:
        await send(vendor)
    assert refusal.value.retry_after == timedelta(seconds=3)
    assert ours().check is not None
    assert all(each.ok for each in await ours().check(vendor.lines["telegram"]))  # type: ignore[misc]


@pytest.mark.parametrize(("known_as", "number"), [("-100:7", 7), ("5000000001:7:1700000000", 7), ("", None)])
def test_a_quotation_is_shown_by_telegram(known_as: str, number: int | None) -> None:
    method = render(a_letter("5000000001", payload={"quote": {"vendor_id": known_as}}), TelegramSettings())
    told = method.fields.get("reply_parameters")
    assert (json.loads(told)["message_id"] if told else None) == number
