"""A partner sends files along and is bound to know what he had before; he has no tokens."""

from __future__ import annotations

from yizhan.app.contract import Case
from yizhan.simulator import Person, Push, Vendor
from yizhan.simulator.bridge import Bridge


async def hologram(vendor: Vendor, person: Person) -> Push:
    assert isinstance(vendor, Bridge)
    return vendor.event("hologram", person, {"novel": True}, vendor.new_id())


CASE = Case(channel="bridge", vendor=Bridge, renews=False, unknown=hologram)
