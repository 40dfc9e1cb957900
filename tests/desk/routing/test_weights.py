"""What somebody carries, weighed by what it is now."""

from __future__ import annotations

from tests.desk.routing.floor import open_floor
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.records.tickets import By, TicketChange, change_ticket, lock_ticket


async def test_a_priority_changed_while_somebody_has_it_weighs_anew(db: Database, clock: FakeClock) -> None:
    floor = await open_floor(db, clock)
    lin = await floor.hire("林一", async_cap=4)
    first = await floor.says("a@example.com", "请问几点开门", mail=True)
    assert await floor.loads() == {lin: (0, 1)}

    async def is_worth(priority: int) -> None:
        async with floor.db.transaction() as tx:
            assert first.ticket_id is not None
            ticket, by = await lock_ticket(tx, first.ticket_id), By("agent:lead")
            change = TicketChange(priority=priority)
            await change_ticket(tx, ticket, change, expected=ticket.version, text="急", by=by, now=floor.clock.now())
        await floor.settle()

    await is_worth(4)
    assert await floor.loads() == {lin: (0, 4)} == await floor.counted()
    second = await floor.says("b@example.com", "请问几点开门", mail=True)
    assert await floor.agent_of_ticket(second) is None  # an urgent one is as much as four
    await is_worth(2)
    assert await floor.agent_of_ticket(second) == lin
    assert await floor.loads() == {lin: (0, 2)} == await floor.counted()
