"""A customer group: pushed by the house's own archive, files along; whoever speaks there is another in every group."""

from __future__ import annotations

from yizhan.app.contract import Case
from yizhan.simulator import Person, Push, Vendor
from yizhan.simulator.wecom import WeCom


async def hologram(vendor: Vendor, person: Person) -> Push:
    assert isinstance(vendor, WeCom)
    id = vendor.new_id()
    said = {
        "event_id": id, "type": "message", "message": {"id": id, "kind": "hologram", "text": "@客服"},
        "group": {"id": vendor.group.id}, "customer": {"id": person.id, "name": person.name, "role": "customer"},
    }  # fmt: skip
    return Push(channel="wecom_group", sign=lambda: vendor.group.wire(said))


def member(vendor: Vendor, person: Person) -> str:
    assert isinstance(vendor, WeCom)
    return f"{vendor.group.id}/{person.id}"


CASE = Case(
    channel="wecom_group", vendor=WeCom, settings={"take_all": True}, unknown=hologram, renews=False, media_life=None,
    address=member,
)  # fmt: skip
