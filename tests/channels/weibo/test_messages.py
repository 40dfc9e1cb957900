"""Weibo's private messages: signed addresses, every type, and what is refused in which words."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.channels.lines import account_for
from tests.channels.standing import letter
from yizhan.channels.weibo import ADAPTER, Nonces, emoji, errors, render, sign
from yizhan.channels.weibo.signature import verify
from yizhan.desk.channels import Account, Arrival, ChannelEvent, Request, SignatureRefused, TokenRefused
from yizhan.desk.outbound import ErrorClass, LetterFile, SendFailed
from yizhan.foundation.errors import Invalid
from yizhan.simulator import weibo as vendor

VECTOR = json.loads((Path(__file__).parents[1] / "vectors.json").read_text("utf-8"))["weibo_fans_push_signature"]
SAMPLES = Path(errors.__file__).parent / "samples"
NOW = datetime(2026, 11, 23, 10, 10, tzinfo=UTC)
BRAND, WANG = "5123456789", "1902538057"
ACCOUNT = account_for(ADAPTER, {"uid": BRAND}, {"app_secret": "secret-1", "access_token": "t"})


def signed(body: bytes, *, nonce: str = "n1", at: datetime = NOW, method: str = "POST", more: str = "") -> Request:
    stamp = str(int(at.timestamp() * 1000))
    query = f"signature={sign('secret-1', stamp, nonce)}&timestamp={stamp}&nonce={nonce}{more}"
    return Request(method=method, query=query, headers={}, body=body)


def heard(body: bytes, account: Account = ACCOUNT) -> Any:
    assert ADAPTER.hear is not None
    [one] = ADAPTER.hear(account, signed(body, nonce=str(hash(body))), NOW).happenings
    return one


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.json").read_bytes()


@pytest.mark.parametrize("made", [sign, vendor.sign])
def test_the_published_vector(made: Any) -> None:
    assert made(VECTOR["app_secret"], VECTOR["timestamp"], VECTOR["nonce"]) == VECTOR["expected_signature"]


def test_who_may_speak() -> None:
    at = {"timestamp": str(int(NOW.timestamp() * 1000)), "nonce": "1"}
    good = at | {"signature": sign("s", at["timestamp"], "1")}
    verify("s", good, NOW, 300)
    for query, secret, now in (
        (good | {"nonce": "2"}, "s", NOW), (good, "other", NOW), (good, "", NOW), (at, "s", NOW),
        (good, "s", NOW + timedelta(minutes=6)),
    ):  # fmt: skip
        with pytest.raises(SignatureRefused):
            verify(secret, query, now, 300)


def test_a_nonce_serves_one_body() -> None:
    nonces = Nonces(most=2)
    nonces.ensure_one_body("door", "1", b"a")
    nonces.ensure_one_body("door", "1", b"a")
    with pytest.raises(SignatureRefused):
        nonces.ensure_one_body("door", "1", b"b")


def test_the_address_is_proved_by_its_echo() -> None:
    assert ADAPTER.hear is not None
    reply = ADAPTER.hear(ACCOUNT, signed(b"", method="GET", more="&echostr=echo-7"), NOW).reply
    assert reply.body == b"echo-7"


def test_what_people_send() -> None:
    text = heard(sample("text"))
    assert (text.kind, text.text, text.who.value, text.who.inbox_scoped) == (
        "text",
        "保温杯漏水了😭😭 怎么办",
        WANG,
        False,
    )
    assert text.at == datetime(2026, 11, 23, 10, 9, 20, tzinfo=UTC)
    image = heard(sample("image"))
    assert (image.kind, image.media[0].kind, image.media[0].ref) == ("image", "image", {"fid": "821804469"})
    assert heard(sample("voice")).media[0].kind == "voice"
    place = heard(sample("position"))
    assert (place.kind, place.payload["latitude"], place.payload["longitude"]) == ("location", 39.982525, 116.308586)


def test_what_people_do() -> None:
    found = [heard(sample(name)) for name in ("event_follow", "event_click", "event_scan_follow", "mention")]
    assert all(isinstance(each, ChannelEvent) for each in found)
    assert [each.kind for each in found] == ["follow", "click", "scan_follow", "mention"]
    assert found[1].detail == {"key": "SERVICE", "subtype": "click"}
    opening = {rule.trigger: rule.messages for rule in ADAPTER.windows(ACCOUNT.settings)}
    assert {each.kind for each in found} <= opening.keys()
    assert (opening["message"], opening["mention"]) == (None, 1)


@pytest.mark.parametrize("body", [
    sample("unknown"),
    b'{"type":"image","receiver_id":"5123456789","sender_id":9007199254740993,"data":null}',
    b'{"type":"event","receiver_id":5123456789,"sender_id":7,"data":{"subtype":{}}}',
    b'{"type":"position","receiver_id":5123456789,"sender_id":7,"data":{"longitude":"x"}}',
])  # fmt: skip
def test_what_nobody_knows_is_kept(body: bytes) -> None:
    one = heard(body)
    assert isinstance(one, Arrival)
    assert (one.kind, one.raw) == ("unsupported", body)
    assert one.who.value == str(json.loads(body)["sender_id"])


def test_what_is_no_push_or_for_somebody_else_is_refused() -> None:
    for body in (b"", b"[]", b"<xml/>", b'{"sender_id":1}', b"\xff"):
        with pytest.raises(Invalid):
            heard(body)
    with pytest.raises(SignatureRefused):
        heard(sample("text").replace(BRAND.encode(), b"5123456780"))


def test_deliveries_of_one_message_are_one() -> None:
    body = sample("text")
    again = json.dumps(json.loads(body), ensure_ascii=True, indent=1).encode()
    assert heard(body).id == heard(again).id
    assert heard(body).id != heard(body.replace(b"18:09:20", b"18:09:29")).id


def test_faces_there_and_back() -> None:
    assert emoji.FACES.to_unicode("[允悲]好[赞][心] [ok]") == "[允悲]好👍❤️ 👌"
    assert emoji.FACES.to_codes("好的👌 🦄") == "好的[ok] 🦄"
    assert emoji.FACES.to_codes("好的👌", 3) == "好的👌"
    assert emoji.FACES.to_codes("👌🏽") == "👌🏽"
    assert all(emoji.FACES.to_unicode(code) == face for code, face in emoji.FACES.table.items())


def test_replies_take_weibos_form() -> None:
    form = render(letter(WANG, "马上处理 👍", NOW), ACCOUNT.settings)
    assert (form["type"], form["receiver_id"], json.loads(form["data"])) == ("text", WANG, {"text": "马上处理 [赞]"})
    place = render(letter(WANG, "", NOW, kind="location", payload={"latitude": 1.5, "longitude": 2}), ACCOUNT.settings)
    assert json.loads(place["data"]) == {"longitude": "2", "latitude": "1.5"}
    card = render(
        letter(WANG, "", NOW, kind="card", payload={"title": "退换货", "url": "https://a.b"}), ACCOUNT.settings
    )
    assert json.loads(card["data"])["articles"][0]["display_name"] == "退换货"


@pytest.mark.parametrize(("text", "files", "cause"), [
    ("长" * 301, (), ErrorClass.CONTENT),
    ("  ", (), ErrorClass.BAD_REQUEST),
    ("图", (LetterFile(hash="h", name="a.png", type="image/png"),), ErrorClass.BAD_REQUEST),
])  # fmt: skip
def test_what_weibo_cannot_take_is_refused_before(text: str, files: Any, cause: ErrorClass) -> None:
    with pytest.raises(SendFailed) as failure:
        render(letter(WANG, text, NOW, files=files), ACCOUNT.settings)
    assert failure.value.error_class is cause


@pytest.mark.parametrize(("code", "cause", "again"), [
    (10023, ErrorClass.THROTTLE, True), (10001, ErrorClass.TRANSIENT, True), (20019, ErrorClass.CONTENT, False),
    (20301, ErrorClass.RECIPIENT, False), (10014, ErrorClass.PERMISSION, False), (99, ErrorClass.BAD_REQUEST, False),
    ("20309", ErrorClass.WINDOW_CLOSED, False),
])  # fmt: skip
def test_every_refusal_has_its_class(code: int | str, cause: ErrorClass, again: bool) -> None:
    failure = errors.refusal(errors.WeiboError(code, "words"), 1, ("20309",))
    assert isinstance(failure, SendFailed)
    assert (failure.error_class, failure.retry_after is not None) == (cause, again)


def test_the_token_and_what_was_taken_after_all() -> None:
    assert isinstance(errors.refusal(errors.WeiboError(21327), 1), TokenRefused)
    assert errors.refusal(errors.WeiboError(20032), 1) is None
    assert errors.refusal(errors.WeiboError(), 1) is None
