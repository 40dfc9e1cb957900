"""What an application's callback brings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest

from yizhan.channels.wechat.wecom.parse import happenings
from yizhan.channels.wechat.xml import read
from yizhan.desk.channels import ChannelEvent


def heard(name: str, **changed: str) -> Any:
    raw = (files("yizhan.channels.wechat.wecom") / "samples" / f"{name}.xml").read_bytes()
    found = happenings({**read(raw), **changed}, raw, 3)
    return found[0] if found else None


def test_a_text_keeps_every_digit_of_its_id() -> None:
    said = heard("text")
    assert (said.id, said.text, said.who.value) == ("9007199254740993123", "三号店没电了🙂 💡", "zhangsan")
    assert said.at == datetime.fromtimestamp(1700000000, UTC)


def test_media_end_after_three_days() -> None:
    said = heard("image")
    assert (said.kind, said.media[0].ref) == ("image", {"media_id": "m1"})
    assert said.media[0].expires_at == said.at + timedelta(days=3)


def test_places_and_events() -> None:
    assert heard("location").payload == {"latitude": 23.134, "longitude": 113.358, "name": "", "address": "广州塔"}
    entered = heard("enter")
    assert isinstance(entered, ChannelEvent)
    assert (entered.kind, entered.detail) == ("enter", {"event": "enter_agent"})
    assert heard("enter", Event="click", EventKey="K1").detail == {"event": "click", "key": "K1"}
    assert heard("enter", Event="brand_new").kind == "other"
    assert heard("enter", Event="change_contact") is None


@pytest.mark.parametrize("changed", [{"MsgType": "hologram"}, {"MsgType": "image"}, {"MsgType": ""}])
def test_what_nobody_knows_is_kept_as_it_came(changed: dict[str, str]) -> None:
    said = heard("text", **changed)
    assert (said.kind, said.payload, said.raw[:5]) == ("unsupported", {"type": changed["MsgType"]}, b"<xml>")
