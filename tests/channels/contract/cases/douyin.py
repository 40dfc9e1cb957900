"""Douyin names the receiver and the application inside, and what it does not deliver it still tells the type of."""

from __future__ import annotations

import json

import msgspec

from yizhan.app.contract import Case
from yizhan.simulator import Person, Push, Vendor, Wire, compact
from yizhan.simulator.douyin import Douyin, sign


async def hologram(vendor: Vendor, person: Person) -> Push:
    assert isinstance(vendor, Douyin)
    body = compact({
        "event": "im_hologram", "client_key": vendor.client_key, "from_user_id": person.id,
        "to_user_id": vendor.open_id, "content": {"novel": True},
    })  # fmt: skip
    headers = {"x-douyin-signature": sign(vendor.client_secret, body), "msg-id": vendor.new_id()}
    return Push(channel="douyin", sign=lambda: Wire(body=body, headers=headers))


def other_receiver(vendor: Vendor, push: Push) -> Wire:
    assert isinstance(vendor, Douyin)
    wire = push.sign()
    body = compact({**json.loads(wire.body), "to_user_id": "_000SomebodyElse"})
    headers = {**wire.headers, "x-douyin-signature": sign(vendor.client_secret, body)}
    return msgspec.structs.replace(wire, body=body, headers=headers)


CASE = Case(channel="douyin", vendor=Douyin, unknown=hologram, other_receiver=other_receiver)
