"""Who may speak, and what is made of what he says. Pure."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from yizhan.channels.generic import SignatureRefused, content_of, inbound, parse, sign, verify
from yizhan.foundation.errors import Invalid

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
INBOX = UUID(int=1)
MESSAGE: dict[str, Any] = {"id": "m-1", "from": {"id": "buyer-9", "name": "王晓燕"}, "text": "订单什么时候到?"}


def encoded(message: object) -> bytes:
    return json.dumps(message).encode()


def test_a_signature_of_either_secret_holds_within_five_minutes() -> None:
    body = encoded(MESSAGE)
    for secret in ("old", "new"):
        verify(("old", "new"), STAMP, sign(secret, STAMP, body), body, NOW)
        verify(("old", "new"), STAMP, sign(secret, STAMP, body).upper(), body, NOW + timedelta(minutes=5))


@pytest.mark.parametrize(
    ("stamp", "signature", "body"),
    [
        (STAMP, sign("other", STAMP, b"{}"), b"{}"),
        (STAMP, sign("key", STAMP, b"{}"), b"{ }"),
        (STAMP, "", b"{}"),
        (STAMP, "ü", b"{}"),
        ("", sign("key", "", b"{}"), b"{}"),
        ("12 3", sign("key", "12 3", b"{}"), b"{}"),
        ("٣", sign("key", "٣", b"{}"), b"{}"),
        (str(int(NOW.timestamp()) - 301), sign("key", str(int(NOW.timestamp()) - 301), b"{}"), b"{}"),
        (str(int(NOW.timestamp()) + 301), sign("key", str(int(NOW.timestamp()) + 301), b"{}"), b"{}"),
    ],
)
def test_anything_else_is_refused(stamp: str, signature: str, body: bytes) -> None:
    with pytest.raises(SignatureRefused):
        verify(("key",), stamp, signature, body, NOW)


def test_an_inbox_without_secret_takes_nothing() -> None:
    with pytest.raises(SignatureRefused):
        verify((), STAMP, sign("", STAMP, b"{}"), b"{}", NOW)


def test_one_message_or_several() -> None:
    assert [m.id for m in parse(encoded(MESSAGE))] == ["m-1"]
    assert [m.id for m in parse(encoded({"messages": [MESSAGE, MESSAGE | {"id": "m-2"}]}))] == ["m-1", "m-2"]


@pytest.mark.parametrize(
    "wrong",
    [
        b"", b"{", b"\xff", b"[]", b"7",
        encoded({}), encoded({"messages": []}), encoded({"messages": [MESSAGE] * 101}),
        encoded(MESSAGE | {"id": ""}), encoded(MESSAGE | {"from": {}}), encoded(MESSAGE | {"text": " "}),
        encoded(MESSAGE | {"text": "x" * 20_001}), encoded(MESSAGE | {"attachments": [{"name": "a", "url": "file:///"}]}),
    ],
)  # fmt: skip
def test_rubbish_is_refused(wrong: bytes) -> None:
    with pytest.raises(Invalid):
        parse(wrong)


def test_every_delivery_of_a_message_has_one_key_and_another_inbox_another() -> None:
    [message] = parse(encoded(MESSAGE))
    one, again = inbound(message, INBOX, [], NOW), inbound(message, INBOX, [], NOW + timedelta(days=1))
    assert one.dedupe == again.dedupe
    assert inbound(message, UUID(int=2), [], NOW).dedupe != one.dedupe
    assert (one.sender.kind, one.sender.value, one.sender.inbox_scoped) == ("generic", "buyer-9", True)
    assert (one.name, one.text, one.external_id) == ("王晓燕", "订单什么时候到?", "m-1")


@pytest.mark.parametrize(
    ("said", "believed"),
    [
        (None, NOW),
        ("2026-03-01T10:00:00+08:00", datetime(2026, 3, 1, 2, tzinfo=UTC)),
        ("2026-03-01T10:00:00", NOW),
        ("2027-01-01T00:00:00Z", NOW),
    ],
)
def test_a_time_is_believed_when_it_can_be_true(said: str | None, believed: datetime) -> None:
    [message] = parse(encoded(MESSAGE | {"at": said}))
    assert inbound(message, INBOX, [], NOW).at == believed


def test_files_come_whole_or_by_address() -> None:
    files = [{"name": "照片.png", "content_base64": base64.b64encode(b"png").decode()},
             {"name": "说明.pdf", "url": "https://files.example.com/1.pdf"}]  # fmt: skip
    [message] = parse(encoded(MESSAGE | {"text": "", "attachments": files}))
    assert [content_of(each) for each in message.attachments] == [b"png", None]
    made = inbound(message, INBOX, [], NOW)
    assert made.text == "https://files.example.com/1.pdf"
    assert made.payload == {"links": [{"name": "说明.pdf", "url": "https://files.example.com/1.pdf"}]}
    with pytest.raises(Invalid):
        content_of(parse(encoded(MESSAGE | {"attachments": [{"name": "a", "content_base64": "!"}]}))[0].attachments[0])


def test_what_the_other_system_has_proved_comes_along_in_one_spelling() -> None:
    told = {**MESSAGE, "from": {"id": "buyer-9", "phone": "138 1234 5678", "email": "Wang@Example.com"}}
    (message,) = parse(encoded(told))
    found = inbound(message, INBOX, (), NOW).proofs
    assert [(each.kind, each.value, each.verified_at) for each in found] == [
        ("phone", "+8613812345678", NOW), ("email", "wang@example.com", NOW),
    ]  # fmt: skip
    (wrong,) = parse(encoded({**MESSAGE, "from": {"id": "buyer-9", "phone": "12"}}))
    with pytest.raises(Invalid):
        inbound(wrong, INBOX, (), NOW)
