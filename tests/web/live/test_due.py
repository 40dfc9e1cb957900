"""What is due next reaches open screens as a patch, though the ticket's own row has not changed."""

from __future__ import annotations

from datetime import timedelta

from tests.web.live.conftest import Desk
from tests.web.live.test_rows import write
from tests.web.server import Running, Widget
from yizhan.desk import sla
from yizhan.desk.triage import triage_reader
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.timer import Timers
from yizhan.records.config import CALENDAR, Kinds, Published


async def test_a_promise_and_its_breach_are_patched(
    live: Running, widget: Widget, desk: Desk, clock: FakeClock
) -> None:
    db, none = live.services.db, Published(Kinds([CALENDAR, sla.SLA_POLICY]), 0, ())
    readers = [triage_reader(db, clock), sla.sla_reader(db, clock, lambda: none)]
    timers = Timers(db, clock)
    sla.register_timers(timers, lambda: none)
    async with desk("lin", list="team") as lin:
        await write(widget, "灯不亮")
        put = await lin.next("put", e="ticket")
        assert put["row"]["due"] is None
        for reader in readers:
            while await reader.step() or await live.sequencer.drain():
                pass
        due = None
        while due is None:
            patch = await lin.next("patch", e="ticket")
            due = patch["row"].get("due")
        assert (due["kind"], due["state"]) == ("first_response", "running")
        clock.advance(timedelta(hours=1))
        await timers.fire_due(clock.now())
        late = await lin.next("patch", e="ticket")
        assert late["row"] == {"due": {**due, "state": "breached"}}
        assert late["v"] == patch["v"]  # nothing of the ticket itself changed with it
