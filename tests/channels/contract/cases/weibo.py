"""Weibo signs time and nonce alone, gives a message no id, and its token is copied from its console."""

from __future__ import annotations

from typing import Any

from yizhan.app.contract import Case
from yizhan.simulator import Person, Push, Vendor, Wire
from yizhan.simulator.weibo import Weibo


def _pushed(vendor: Vendor, said: dict[str, Any]) -> Push:
    assert isinstance(vendor, Weibo)
    return vendor.pushed({"created_at": "Mon Mar 02 09:30:00 +0800 2026", "text": "", "data": {}, **said})


async def hologram(vendor: Vendor, person: Person) -> Push:
    assert isinstance(vendor, Weibo)
    return _pushed(vendor, {"type": "hologram", "sender_id": int(person.id), "receiver_id": int(vendor.uid)})


def other_receiver(vendor: Vendor, _: Push) -> Wire:
    return _pushed(vendor, {"type": "text", "text": "在吗", "sender_id": 1_902_538_057, "receiver_id": 1}).sign()


CASE = Case(
    channel="weibo", vendor=Weibo, signs_body=False, told_id=False, renews=False, media_life=None, unknown=hologram,
    other_receiver=other_receiver,
)  # fmt: skip
