"""What the clouds push: reports, replies, and what nobody has heard of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests.channels.lines import account_for
from yizhan.channels.sms import aliyun, tencent
from yizhan.desk.channels import Adapter, Arrival, ChannelEvent, DeliveryReport, Request, SignatureRefused
from yizhan.desk.outbound import ErrorClass
from yizhan.foundation.errors import Invalid

NOW = datetime(2026, 3, 2, tzinfo=UTC)
OURS = "00000000-0000-0000-0000-000000000003"


def told(said: object) -> bytes:
    return msgspec.json.encode(said)


def test_an_aliyun_report() -> None:
    row = {
        "phone_number": "13800138000", "send_time": "2026-03-02 09:00:00", "report_time": "2026-03-02 09:00:04",
        "success": True, "err_code": "DELIVERED", "err_msg": "用户接收成功", "biz_id": "932702304080415357^0",
        "out_id": OURS,
    }  # fmt: skip
    failed = {**row, "success": False, "err_code": "MOBILE_NOT_ON_SERVICE", "err_msg": "停机", "out_id": "theirs"}
    first, second = aliyun.parse(told([row, failed]))
    assert first == DeliveryReport(
        vendor_id="932702304080415357^0", ours=UUID(OURS), state="delivered",
        at=datetime(2026, 3, 2, 1, 0, 4, tzinfo=UTC),
    )  # fmt: skip
    assert isinstance(second, DeliveryReport)
    assert (second.state, second.error_class, second.ours) == ("failed", ErrorClass.RECIPIENT, None)
    assert second.words == "MOBILE_NOT_ON_SERVICE 停机"


def test_an_aliyun_reply_has_the_id_of_its_sequence() -> None:
    row = {
        "phone_number": "13800138000",
        "content": "还没到 😀",
        "send_time": "2026-03-02 09:00:00",
        "dest_code": "1069",
    }
    numbered, named = aliyun.parse(told([{**row, "sequence_id": 9223372036854775807}, row]))
    assert isinstance(numbered, Arrival)
    assert (numbered.id, numbered.text, numbered.who.value) == ("up:9223372036854775807", "还没到 😀", "+8613800138000")
    assert numbered.origin == {"to": "1069"}
    assert isinstance(named, Arrival)
    assert named == aliyun.parse(told([row]))[0]
    assert named.id != numbered.id


def test_tencent_reports_come_in_an_array_and_replies_alone() -> None:
    row = {
        "user_receive_time": "2026-03-02 09:00:04", "nationcode": "86", "mobile": "13800138000",
        "report_status": "FAIL", "errmsg": "MI:0013", "description": "黑名单", "sid": "2019:-6155520208749",
    }  # fmt: skip
    [report] = tencent.parse(told([row]))
    assert isinstance(report, DeliveryReport)
    assert (report.vendor_id, report.state, report.error_class) == (row["sid"], "failed", ErrorClass.RECIPIENT)
    said = {"extend": "01", "mobile": "13800138000", "nationcode": "86", "sign": "x", "text": "好", "time": 1772413204}
    [called] = tencent.parse(told(said))
    [again] = tencent.parse(told({**said, "time": "2026-03-02 09:00:04"}))
    assert isinstance(called, Arrival)
    assert isinstance(again, Arrival)
    assert (called.id, called.at) == (again.id, again.at)
    assert called.who.value == "+8613800138000"


@pytest.mark.parametrize("parse", [aliyun.parse, tencent.parse])
@pytest.mark.parametrize("body", [b"", b"[1]", b'"x"', b"\xff", b'[{"a":1}]'])
def test_what_is_no_such_message_is_refused(parse: Any, body: bytes) -> None:
    with pytest.raises(Invalid):
        parse(body)


@pytest.mark.parametrize(("parse", "key"), [(aliyun.parse, "phone_number"), (tencent.parse, "mobile")])
def test_what_nobody_has_heard_of_is_kept(parse: Any, key: str) -> None:
    [kept] = parse(told({key: "13800138000", "new": {"a": 1}}))
    assert (kept.kind, b'"new"' in kept.raw) == ("unsupported", True)


@pytest.mark.parametrize(
    ("adapter", "answer"),
    [(aliyun.ADAPTER, '{"code":0,"msg":"接收成功"}'), (tencent.ADAPTER, '{"result":0,"errmsg":"OK"}')],
)
def test_the_token_in_the_address(adapter: Adapter, answer: str) -> None:
    account = account_for(adapter, {}, {"callback_token": "t-1"})
    assert adapter.hear is not None
    right = Request(method="POST", query="token=t-1", headers={}, body=b"[]")
    assert adapter.hear(account, right, NOW).reply.body.decode() == answer
    for query in ("", "token=t-2", "token="):
        with pytest.raises(SignatureRefused):
            adapter.hear(account, msgspec.structs.replace(right, query=query), NOW)


@pytest.mark.parametrize("text", ["R", " r ", "TD", "退订", "\uff32"])
def test_the_letter_that_stops_marketing_is_no_question(text: str) -> None:
    [stop] = aliyun.parse(told([{"phone_number": "13800138000", "content": text, "sequence_id": 5}]))
    assert isinstance(stop, ChannelEvent)
    assert (stop.kind, stop.who.value) == ("unsubscribe", "+8613800138000")
    [question] = tencent.parse(told({"mobile": "13800138000", "nationcode": "86", "text": "R 是什么", "time": 1}))
    assert isinstance(question, Arrival)
