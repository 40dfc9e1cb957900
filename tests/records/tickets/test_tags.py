"""Tags on a real PostgreSQL: given, made by who may, renamed and merged while tickets follow, retired."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.desk.intake.samples import Shop, open_shop, says
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Forbidden, Invalid
from yizhan.foundation.jobs import Job
from yizhan.records import tickets
from yizhan.records.tickets import By

BY = By(f"agent:{UUID(int=11)}", UUID(int=11))


@pytest.fixture
async def shop(db: Database, clock: FakeClock) -> Shop:
    return await open_shop(db, clock)


async def tagged(shop: Shop, who: str, *tags: str) -> UUID:
    done = await shop.intake.accept(says(shop.chat, who, "灯不亮", shop.clock.now()))
    assert done.ticket_id
    async with shop.db.transaction() as tx:
        ticket = await tickets.lock_ticket(tx, done.ticket_id)
        add = await tickets.chosen_tags(tx, tags, may_create=True)
        await tickets.tag_ticket(tx, ticket, add=add, remove=(), by=BY, now=shop.clock.now())
    return done.ticket_id


async def tags_of(shop: Shop, ticket: UUID) -> list[str]:
    found: list[str] = await shop.db.pool.fetchval("SELECT tags FROM ticket WHERE id = $1", ticket)
    return found


async def rename(shop: Shop, name: str, to: str) -> None:
    async with shop.db.transaction() as tx:
        await tickets.rename_tag(tx, name, to, by=BY, now=shop.clock.now())
    await tickets.run_rewrite(shop.db, shop.clock, Job(1, tickets.REWRITE, {"tag": name, "actor": BY.actor}))


async def test_a_tag_is_known_by_any_spelling_and_made_by_who_may(shop: Shop) -> None:
    one = await tagged(shop, "v1", "Gift", "大促")
    assert await tags_of(shop, one) == ["Gift", "大促"]
    async with shop.db.transaction() as tx:
        assert await tickets.chosen_tags(tx, [" gift ", "大促"], may_create=False) == ["Gift", "大促"]
        with pytest.raises(Forbidden):
            await tickets.chosen_tags(tx, ["新的"], may_create=False)
        await tickets.retire_tag(tx, "Gift", True, by=BY, now=shop.clock.now())
        with pytest.raises(Invalid):
            await tickets.chosen_tags(tx, ["gift"], may_create=True)
        assert [each.tag for each in await tickets.offered_tags(tx)] == ["大促"]
    note = await shop.db.pool.fetchrow("SELECT text, code, parts FROM note WHERE code = 'tagged'")
    assert note is not None
    assert (note["text"], note["parts"]) == ("标签 +Gift、+大促", {"tags": "+Gift、+大促"})


async def test_a_renamed_tag_takes_its_tickets_along_and_may_come_back(shop: Shop) -> None:
    one, two = await tagged(shop, "v1", "漏水"), await tagged(shop, "v2", "漏水", "滤芯漏水")
    await rename(shop, "漏水", "滤芯漏水")
    assert (await tags_of(shop, one), await tags_of(shop, two)) == (["滤芯漏水"], ["滤芯漏水"])
    assert await tags_of(shop, await tagged(shop, "v3", "漏水")) == ["滤芯漏水"]  # by its old name
    async with shop.db.read() as tx:
        assert [(each.tag, each.given) for each in await tickets.all_tags(tx)] == [("滤芯漏水", 4)]
    await rename(shop, "滤芯漏水", "漏水")
    assert await tags_of(shop, one) == ["漏水"]
    assert await shop.db.pool.fetchval("SELECT count(*) FROM event_new WHERE kind = 'tag.merged'") == 2


async def test_a_tags_own_name_and_an_endless_one_are_refused(shop: Shop) -> None:
    await tagged(shop, "v1", "漏水")
    for name, to in (("漏水", "漏水"), ("漏水", "长" * 41), ("漏水", " ")):
        with pytest.raises(Invalid):
            await rename(shop, name, to)
    async with shop.db.transaction() as tx:
        with pytest.raises(Invalid):
            await tickets.make_tag(tx, "漏水", "red", by=BY, now=shop.clock.now())


async def test_every_event_still_says_what_its_sample_says(shop: Shop) -> None:
    await tagged(shop, "v1", "漏水")
    await rename(shop, "漏水", "滤芯漏水")
    async with shop.db.transaction() as tx:
        await tickets.make_tag(tx, "大促", "violet", by=BY, now=shop.clock.now())
        await tickets.paint_tag(tx, "大促", "red", by=BY, now=shop.clock.now())
        await tickets.retire_tag(tx, "大促", True, by=BY, now=shop.clock.now())
    samples = {
        "tag.made": {"tag": "大促", "color": "violet"}, "tag.painted": {"tag": "大促", "color": "red"},
        "tag.retired": {"tag": "大促", "retired": True}, "tag.merged": {"tag": "漏水", "into": "滤芯漏水"},
    }  # fmt: skip
    rows = await shop.db.pool.fetch("SELECT kind, data FROM event_new WHERE kind LIKE 'tag.%'")
    assert {row["kind"]: row["data"] for row in rows} == samples
