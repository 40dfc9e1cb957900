"""A partner's events: signed, every kind, and what nobody knows kept as it came."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.channels.lines import account_for
from tests.channels.standing import letter
from yizhan.channels.bridge import ADAPTER, SIGNATURE, TIMESTAMP, parse, render, sign, signed, verify
from yizhan.desk.channels import DeliveryReport, Recall, Request, SignatureRefused
from yizhan.desk.outbound import ErrorClass, LetterFile, SendFailed
from yizhan.foundation.errors import Invalid
from yizhan.simulator import bridge as vendor

SAMPLES = Path(parse.__file__).parent / "samples"
NOW = datetime(2026, 11, 23, 10, 10, tzinfo=UTC)
AT = datetime(2026, 11, 23, 10, 9, 20, tzinfo=UTC)
ACCOUNT = account_for(ADAPTER, {"platform": "taobao"}, {"secret": "s", "secret_next": "next"})


def heard(body: bytes, secret: str = "s") -> Any:
    assert ADAPTER.hear is not None
    request = Request(method="POST", query="", headers=signed(secret, NOW, body), body=body)
    return ADAPTER.hear(ACCOUNT, request, NOW).happenings


def one(name: str) -> Any:
    [found] = heard((SAMPLES / f"{name}.json").read_bytes())
    return found


def event(**more: Any) -> bytes:
    said = {"event_id": "e-1", "type": "message", "customer": {"id": "b-1"}, **more}
    return json.dumps(said, ensure_ascii=False).encode()


def test_both_sides_sign_alike() -> None:
    # echo -n '1795428560.{"a":1}' | openssl dgst -sha256 -hmac between-us
    expected = "v1=357499de0674b542938b1b77e95e94f526d84298fd8a8b6a8dcd2cedd9896720"
    made = {each("between-us", "1795428560", b'{"a":1}') for each in (sign, vendor.sign)}
    assert made == {expected}


def test_who_may_speak() -> None:
    body, stamp = b"{}", str(int(NOW.timestamp()))
    good = sign("s", stamp, body)
    verify(("other", "s"), stamp, f"v1=00,{good}", body, NOW, 300)
    for secrets, at, signature, content, now in (
        (("s",), stamp, good, b"{ }", NOW), (("s",), stamp, good[:-1] + "x", body, NOW), ((), stamp, good, body, NOW),
        (("s",), "", sign("s", "", body), body, NOW), (("s",), stamp, good, body, NOW + timedelta(minutes=6)),
        (("s",), stamp, good.removeprefix("v1="), body, NOW),
    ):  # fmt: skip
        with pytest.raises(SignatureRefused):
            verify(secrets, at, signature, content, now, 300)
    assert {TIMESTAMP, SIGNATURE} <= signed("s", NOW, body).keys()
    assert heard(event(type="ping"), secret="next") == ()


def test_what_buyers_send() -> None:
    text, order, image, place = one("text"), one("order"), one("image"), one("location")
    assert (text.id, text.text, text.who.value, text.at) == ("m-1", "杯子漏水 😭", "tb_2219033", AT)
    assert text.origin == {"platform": "taobao"}
    assert (order.kind, order.order_no, order.payload["price"]) == ("order", "TB202611230001", "129.0")
    there, along = image.media
    assert (there.ref, there.expires_at - AT) == ({"url": "https://img.example.com/a.jpg"}, timedelta(days=3))
    assert (along.kind, along.content) == ("voice", b"#!AMR\n")
    assert (place.kind, place.payload["longitude"]) == ("location", 116.3)


def test_what_becomes_of_messages() -> None:
    assert (one("enter").kind, one("enter").detail) == ("enter", {"from": "order_page"})
    assert one("recall") == Recall(id="m-1")
    assert one("read") == DeliveryReport(vendor_id="shop-1", state="read", at=AT)
    assert (one("failed").error_class, one("failed").words) == (ErrorClass.RECIPIENT, "买家拒收")
    [by_ours] = heard(event(type="status", status={"message_id": str(UUID(int=3)), "state": "delivered"}))
    assert by_ours.ours == UUID(int=3)


def test_several_at_once_and_what_nobody_knows() -> None:
    text, odd = heard((SAMPLES / "several.json").read_bytes())
    assert (text.id, odd.kind, odd.payload, b"steps" in odd.raw) == ("e-1", "unsupported", {"type": "dance"}, True)


@pytest.mark.parametrize("body", [
    event(message={"kind": "hologram", "text": "看"}), event(message={"kind": "order"}), event(message={"text": 7}),
    event(message={"kind": "location", "location": {"latitude": "x"}}), event(), event(customer=None),
    event(message={"text": " "}), event(type="status", status={"message_id": "1", "state": "eaten"}),
])  # fmt: skip
def test_odd_events_are_kept(body: bytes) -> None:
    [found] = heard(body)
    assert (found.kind, found.raw) == ("unsupported", body)


@pytest.mark.parametrize("body", [
    b"", b"[]", b"\xff", b'{"type":"message"}', b'{"events":[]}', b'{"events":[1]}',
    event(message={"text": "x", "attachments": [{"content_base64": "%"}]}),
    event(message={"text": "x", "attachments": [{"name": "a"}]}),
    event(customer={"id": "1", "phone": "not a number"}, message={"text": "x"}),
])  # fmt: skip
def test_what_a_partner_must_mend_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid):
        heard(body)


def test_a_reply_in_the_partners_form() -> None:
    file = LetterFile(hash="h", name="a.png", type="image/png")
    written = letter("b-1", "明天到", NOW, answers={}, answered="m-1", files=(file,))
    said = json.loads(render(written, [b"png"], ACCOUNT.settings))
    assert (said["event_id"], said["answers"], said["customer"]["id"]) == (str(UUID(int=3)), "m-1", "b-1")
    assert said["message"]["attachments"][0] == {
        "kind": "image", "name": "a.png", "type": "image/png", "content_base64": base64.b64encode(b"png").decode(),
    }  # fmt: skip
    card = letter("b-1", "", NOW, kind="order", payload={"number": "1"})
    assert json.loads(render(card, [], ACCOUNT.settings))["message"]["order"] == {"number": "1"}
    for text, contents in (("长" * 2_001, []), ("图", [b"x" * (11 * 1024 * 1024)])):
        with pytest.raises(SendFailed):
            render(letter("b-1", text, NOW, files=(file,) * len(contents)), contents, ACCOUNT.settings)
