"""What of a group concerns us, and what of it is said."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from yizhan.channels.wechat.group import GroupSettings, happenings
from yizhan.channels.wechat.group.parse import address, whereto
from yizhan.desk.channels import Arrival, ChannelEvent, DeliveryReport, Recall
from yizhan.desk.outbound import ErrorClass
from yizhan.foundation.errors import Invalid

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SETTINGS = GroupSettings(mentions=("客服", "小禾"), keywords=("退货",))


def event(text: str = "@客服 灯不亮", **more: Any) -> dict[str, Any]:
    message = {"id": "7", "kind": "text", "text": text, **more.pop("message", {})}
    said: dict[str, Any] = {
        "event_id": "e7", "type": "message", "at": "2026-11-23T03:59:00+00:00", "message": message,
        "group": {"id": "wr/1", "name": "老客户群"},
        "customer": {"id": "wm1", "name": "王晓燕", "role": "customer", "unionid": "oU1"},
    }  # fmt: skip
    return {**said, **more}


def heard(said: dict[str, Any], settings: GroupSettings = SETTINGS) -> list[Any]:
    return happenings(json.dumps(said).encode(), settings, NOW)


def test_a_mention_is_a_message_of_that_member_in_that_group() -> None:
    said, _ = heard(event())
    assert (said.id, said.text, said.name, said.who.value) == ("7", "灯不亮", "王晓燕", "wr%2F1/wm1")
    assert whereto(said.who.value) == ("wr/1", "wm1")
    assert said.origin == {"group": "wr/1", "group_name": "老客户群"}
    assert [(each.kind, each.value) for each in said.proofs] == [("unionid", "oU1")]
    assert said.at == datetime(2026, 11, 23, 3, 59, tzinfo=UTC)


def test_who_calls_us_may_be_written_to_alone_where_it_is_proved_who_he_is() -> None:
    _, called = heard(event())
    assert isinstance(called, ChannelEvent)
    assert (called.who.value, called.kind, called.detail["group_name"]) == ("wm1", "called", "老客户群")
    assert [each.value for each in called.proofs] == ["oU1"]
    assert len(heard(event(customer={"id": "wm1", "name": "王"}))) == 1
    assert len(heard(event(), GroupSettings(private_hours=0))) == 1


def test_later_words_only_go_on_with_a_conversation_and_prove_no_call() -> None:
    (later,), (phone,) = heard(event("上周买的")), heard(event("客服电话多少"))
    assert phone.continues == later.continues
    assert later.continues == timedelta(minutes=30)
    assert heard(event())[0].continues is None
    assert heard(event("上周买的"), GroupSettings(take_all=True))[0].continues is None
    assert not heard(event("上周买的"), GroupSettings(continue_minutes=0))


@pytest.mark.parametrize("said", [
    event("我要退货"), event("@小禾\u2005在吗"), event("在吗", message={"mentions": ["客服"]}),
    event("谢谢", message={"to_house": True}), event("在吗", group=None),
])  # fmt: skip
def test_what_calls_us(said: dict[str, Any]) -> None:
    assert heard(said)


@pytest.mark.parametrize("said", [
    event(customer={"id": "zhangsan", "role": "employee"}), event(customer={"id": "robot", "role": "bot"}),
])  # fmt: skip
def test_what_does_not(said: dict[str, Any]) -> None:
    assert heard(said) == []


def test_all_of_it_where_the_inbox_wants_all() -> None:
    assert heard(event("今天天气好"), GroupSettings(take_all=True))


def test_who_writes_to_us_alone_has_an_address_of_his_own() -> None:
    [said] = heard(event("在吗", group=None))
    assert (said.who.value, whereto(said.who.value), said.origin) == (address("", "wm1"), ("", "wm1"), {})


def test_files_come_along_or_are_named() -> None:
    file = {"kind": "image", "name": "a.png", "type": "image/png", "content_base64": "aGk="}
    said, _ = heard(event("@客服", message={"kind": "image", "attachments": [file]}))
    assert (said.kind, said.media[0].content) == ("image", b"hi")
    named, _ = heard(event("@客服", message={"attachments": [{"url": "https://example.com/a", "name": "a"}]}))
    assert (named.media[0].content, named.media[0].ref) == (None, {"url": "https://example.com/a"})
    with pytest.raises(Invalid):
        heard(event("@客服", message={"attachments": [{"content_base64": "%"}]}))


def test_rich_kinds_and_unknown_ones() -> None:
    order, _ = heard(event("@客服", message={"kind": "order", "order": {"number": "E1", "title": "台灯"}}))
    assert (order.kind, order.order_no) == ("order", "E1")
    other, _ = heard(event("@客服", message={"kind": "hologram"}))
    assert (other.kind, other.payload, bool(other.raw)) == ("unsupported", {"type": "hologram"}, True)


def test_reports_and_recalls() -> None:
    status = {"message_id": "r1", "state": "failed", "error": "踢出", "error_class": "recipient_blocked"}
    [report] = heard({"event_id": "s", "type": "status", "status": status})
    assert isinstance(report, DeliveryReport)
    assert (report.vendor_id, report.state, report.words) == ("r1", "failed", "踢出")
    assert report.error_class is ErrorClass.RECIPIENT
    assert heard({"event_id": "r", "type": "recall", "recall": {"message_id": "7"}, "at": 1700000000}) == [
        Recall(id="7", at=datetime.fromtimestamp(1700000000, UTC))
    ]
    assert heard({"event_id": "x", "type": "poll_closed"}) == []


def test_several_events_together() -> None:
    together = {"events": [event("@客服 一"), {**event("@客服 二"), "event_id": "e8"}]}
    assert [each.text for each in heard(together) if isinstance(each, Arrival)] == ["一", "二"]
    with pytest.raises(Invalid):
        heard({"events": [event()] * 101})


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"event_id":"1"}', b'{"event_id":"1","type":"message"}'])
def test_what_is_no_event_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid):
        happenings(body, SETTINGS, NOW)
