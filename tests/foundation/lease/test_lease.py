import asyncio
from datetime import timedelta

import pytest

from yizhan.foundation.db import Database
from yizhan.foundation.lease import Lease, LeaseLost

SHORT = timedelta(seconds=0.3)
LONG = timedelta(minutes=5)


async def expire(db: Database, name: str) -> None:
    async with db.transaction() as tx:
        await tx.execute("UPDATE lease SET until = clock_timestamp() - interval '1 second' WHERE name = $1", name)


async def test_is_held_at_once_where_there_is_no_rival(db: Database) -> None:
    async with Lease(db, "router", "a", LONG) as lease:
        assert lease.held
        assert lease.term == 1
        async with db.transaction() as tx:
            await lease.check(tx)


async def test_a_rival_waits_until_it_is_given_up(db: Database) -> None:
    rival = Lease(db, "router", "b", LONG)
    async with Lease(db, "router", "a", LONG):
        await rival.step()
        assert not rival.held
        async with db.transaction() as tx:
            with pytest.raises(LeaseLost):
                await rival.check(tx)
    await rival.step()
    assert rival.held
    assert rival.term == 2


async def test_different_names_do_not_meet(db: Database) -> None:
    async with Lease(db, "router", "a", LONG) as one, Lease(db, "sequencer", "b", LONG) as other:
        assert one.held
        assert other.held


async def test_a_frozen_holder_finds_its_term_outdated(db: Database) -> None:
    frozen, rival = Lease(db, "router", "a", LONG), Lease(db, "router", "b", LONG)
    await frozen.step()
    await expire(db, "router")
    await rival.step()
    assert rival.term == frozen.term + 1
    async with db.transaction() as tx:
        with pytest.raises(LeaseLost):
            await frozen.check(tx)
    await frozen.step()
    assert not frozen.held
    assert frozen.term == 0
    async with db.transaction() as tx:
        await rival.check(tx)


async def test_an_expired_lease_may_not_be_worked_under_even_without_a_rival(db: Database) -> None:
    lease = Lease(db, "router", "a", LONG)
    await lease.step()
    await expire(db, "router")
    async with db.transaction() as tx:
        with pytest.raises(LeaseLost):
            await lease.check(tx)
    await lease.step()
    assert lease.term == 1, "nobody else had it, so the term is still the same"
    async with db.transaction() as tx:
        await lease.check(tx)


async def test_it_cannot_change_hands_while_a_checked_transaction_runs(db: Database) -> None:
    holder, rival = Lease(db, "router", "a", LONG), Lease(db, "router", "b", LONG)
    await holder.step()
    async with db.transaction() as tx:
        await holder.check(tx)
        async with db.transaction() as other:
            await other.execute("UPDATE lease SET until = clock_timestamp() - interval '1 second'")
        taking = asyncio.create_task(rival.step())
        done, _ = await asyncio.wait([taking], timeout=0.2)
        assert not done, "the takeover waits for the transaction"
    await taking
    assert rival.held


async def test_a_renewal_does_not_wait_for_a_checked_transaction(db: Database) -> None:
    lease = Lease(db, "router", "a", LONG)
    await lease.step()
    async with db.transaction() as tx:
        await lease.check(tx)
        async with asyncio.timeout(2):
            await lease.step()
    assert lease.held


async def test_is_renewed_by_itself(db: Database) -> None:
    rival = Lease(db, "router", "b", SHORT)
    async with Lease(db, "router", "a", SHORT) as lease:
        for _ in range(6):
            await asyncio.sleep(0.1)
            await rival.step()
        assert lease.held
        assert lease.term == 1
    assert not rival.held


async def test_a_waiting_rival_takes_over_by_itself(db: Database) -> None:
    first = Lease(db, "router", "a", SHORT)
    await first.step()  # and then falls silent, as after kill -9
    async with Lease(db, "router", "b", SHORT) as second, asyncio.timeout(5):
        await second.acquired()
        assert second.term == 2
    assert not first.held


async def test_belief_ends_when_renewals_do_not_get_through(db: Database) -> None:
    lease = Lease(db, "router", "a", SHORT)
    await lease.step()
    await asyncio.sleep(0.35)
    assert not lease.held


async def test_only_one_of_many_gets_it(db: Database) -> None:
    many = [Lease(db, "router", f"node {number}", LONG) for number in range(20)]
    await asyncio.gather(*(lease.step() for lease in many))
    assert sum(lease.held for lease in many) == 1
