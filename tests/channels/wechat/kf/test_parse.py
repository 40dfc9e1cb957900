"""What sync_msg brings, type by type."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yizhan.channels.wechat.kf import happenings
from yizhan.channels.wechat.xml import branches_of, read_json
from yizhan.desk.channels import Arrival, ChannelEvent, DeliveryReport, Recall
from yizhan.desk.outbound import ErrorClass

PAGE = (files("yizhan.channels.wechat.kf") / "samples" / "page.json").read_bytes()
CUSTOMER = "wmAJ2GCAAAme1XQRC-NI-q0_ZM9ukoAw"


def heard(msgid: str) -> list[Any]:
    [item] = [each for each in branches_of(read_json(PAGE), "msg_list") if each["msgid"] == msgid]
    return happenings(item, 3)


def one(msgid: str) -> Any:
    [found] = heard(msgid)
    return found


def test_a_text_has_faces_as_everybody_reads_them() -> None:
    said = one("m1")
    assert isinstance(said, Arrival)
    assert (said.id, said.who.value, said.who.inbox_scoped) == ("m1", CUSTOMER, True)
    assert (said.kind, said.text, said.payload) == ("text", "灯不亮了🙂 💡", {"menu": "1"})
    assert said.at == datetime.fromtimestamp(1700000001, UTC)


@pytest.mark.parametrize(("msgid", "kind", "name"), [
    ("m2", "image", ""), ("m3", "voice", ""), ("m4", "video", ""), ("m5", "file", "发票.pdf"),
])  # fmt: skip
def test_media_are_named_and_end_after_three_days(msgid: str, kind: str, name: str) -> None:
    said = one(msgid)
    [media] = said.media
    assert (said.kind, media.kind, media.name, bool(media.ref["media_id"])) == (kind, kind, name, True)
    assert media.expires_at == said.at + timedelta(days=3)


@pytest.mark.parametrize(("msgid", "kind", "payload"), [
    ("m6", "location", {"latitude": 23.106021881103501, "name": "广州国际媒体港"}),
    ("m7", "link", {"title": "安装说明", "text": "第 3 页", "url": "https://example.com/a?b=1"}),
    ("m8", "card", {"text": "zhangsan"}),
    ("m9", "card", {"title": "台灯", "app": "wx123", "path": "pages/lamp?id=1"}),
    ("m10", "card", {"title": "护眼台灯", "text": "¥199.05 · 青禾小店", "picture": "https://example.com/lamp.png"}),
    ("m11", "order", {"number": "3716823412345678901", "price": "¥199.05", "state": "待发货"}),
    ("m13", "card", {"title": "今晚八点", "text": "视频号直播 · 青禾"}),
])  # fmt: skip
def test_rich_types(msgid: str, kind: str, payload: dict[str, Any]) -> None:
    said = one(msgid)
    assert said.kind == kind
    assert payload.items() <= said.payload.items()


def test_an_order_is_known_by_its_number_and_no_digit_is_lost() -> None:
    assert one("m11").order_no == "3716823412345678901"


def test_forwarded_records_are_lines() -> None:
    assert one("m12").text == "群的记录\n小王: 还没到\n小李: [图片]"


@pytest.mark.parametrize(("msgid", "type"), [("m14", "meeting"), ("e8", "event something_new")])
def test_what_is_new_is_kept_as_it_came(msgid: str, type: str) -> None:
    said = one(msgid)
    assert (said.kind, said.payload) == ("unsupported", {"type": type})
    assert json.loads(said.raw)["msgid"] == msgid


def test_who_enters_and_from_where() -> None:
    entered = one("e1")
    assert isinstance(entered, ChannelEvent)
    assert (entered.id, entered.kind, entered.who.value) == ("e1", "enter", CUSTOMER)
    assert entered.detail == {
        "scene": "video_shop", "scene_param": "spring%2024", "channels": "青禾小店", "place": "小店商品详情",
    }  # fmt: skip


def test_a_failed_message_has_a_class_and_words() -> None:
    report = one("e2")
    assert isinstance(report, DeliveryReport)
    assert (report.vendor_id, report.state, report.error_class) == ("FAIL1", "failed", ErrorClass.RECIPIENT)
    assert "拒收" in report.words


def test_recalls_and_what_happens_in_the_vendors_own_client() -> None:
    assert heard("e5") == [Recall(id="m1", at=datetime.fromtimestamp(1700000019, UTC))]
    said, recalled, session, refuses = one("m15"), one("e6"), one("e4"), one("e7")
    assert (said.kind, said.detail) == ("servicer", {"servicer": "zhangsan", "type": "text", "text": "您好"})
    assert (recalled.kind, recalled.detail["message"]) == ("servicer_recall", "m15")
    assert (session.kind, session.detail) == ("session", {"change": "ended", "old": "zhangsan"})
    assert refuses.detail == {"refuses": True}
    assert heard("e3") == []


_LEAF = st.text(max_size=8) | st.integers() | st.floats() | st.booleans() | st.none()
_KEYS = st.sampled_from([
    "msgid", "external_userid", "origin", "msgtype", "send_time", "event", "text", "image", "location", "merged_msg",
    "content", "media_id", "event_type", "item", "msg_content", "channels_shop_order", "order_id", "latitude", "list",
])  # fmt: skip
_TYPES = st.sampled_from(["event", "text", "image", "location", "merged_msg", "msgmenu", "enter_session", "5"])
_TREES = st.dictionaries(
    _KEYS, st.recursive(_LEAF | _TYPES, lambda x: st.lists(x, max_size=3) | st.dictionaries(_KEYS, x), max_leaves=12)
)


@given(_TREES)
@settings(max_examples=40, deadline=None)
def test_nothing_raises_and_nothing_of_a_customer_is_lost(item: dict[str, Any]) -> None:
    tree = read_json(json.dumps({"item": item}, default=str).encode().replace(b"NaN", b"0").replace(b"Infinity", b"1"))
    [found] = branches_of(tree, "item") or [{}]
    heard = happenings(found, 3)
    if found.get("msgid") and found.get("external_userid") and isinstance(found.get("msgtype"), str):
        assert heard or found["msgtype"] == "event" or not isinstance(found["external_userid"], str)
