"""Whatever concurrent writers do to the same people, who is one person is what the links that hold say."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings

from tests.desk.intake.samples import Shop, open_shop
from tests.desk.resolution.crowd import ROUNDS, Crowd, Facts, Step, facts, reference
from yizhan.desk import serving
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.records import contacts

_TABLES = "contact, identity, link, claim, conversation, ticket, note, message, dedupe_key, candidate, resolution_key"
_names = count()


@pytest.fixture
async def shop(db: Database, clock: FakeClock) -> Shop:
    return await open_shop(db, clock)


def agree(found: Facts) -> None:
    assert found.persons == reference(found.persons, found.links)
    assert not {person: cards for person, cards in found.cards.items() if len(cards) > 1}
    assert (found.strays, found.bare) == (0, 0)


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROUNDS)
async def test_any_interleaving_ends_in_the_clusters_of_the_links_that_hold(
    shop: Shop, clock: FakeClock, rounds: list[list[Step]]
) -> None:
    await shop.db.pool.execute(f"TRUNCATE {_TABLES} CASCADE")
    crowd = Crowd(shop, f"p{next(_names)}")
    await crowd.open()
    for steps in rounds:
        await asyncio.gather(*map(crowd.do, steps))
        agree(await facts(shop))
        await crowd.look()
        clock.advance(timedelta(days=70))  # after some rounds a proof of a mobile is old
    for row in await shop.db.pool.fetch("SELECT id FROM link WHERE ended_at IS NULL"):
        async with shop.db.transaction() as tx:
            await contacts.unlink_contacts(tx, row["id"], reason="全部分开", actor="agent:1", now=clock.now())
    async with shop.db.transaction() as tx:
        await serving.part(tx, crowd.ids, clock.now())  # as the journal's reader does after each
    alone = await facts(shop)
    assert all(contact == person for contact, person in alone.persons.items())
    assert alone.crossed == 0
    agree(alone)
