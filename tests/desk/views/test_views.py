"""Lists and screens: who sees what, page after page without a gap, and the same number of queries whatever the size."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from tests.desk.intake.samples import Shop, open_shop, says
from yizhan.desk import views
from yizhan.desk.views import TicketFilter
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database, Tx
from yizhan.records.agents import Scope, Viewer

LIN, GAO = UUID(int=11), UUID(int=12)


@pytest.fixture
async def shop(db: Database, clock: FakeClock) -> Shop:
    return await open_shop(db, clock)


def viewer(scope: Scope, agent: UUID = LIN, teams: tuple[UUID, ...] = (), brands: tuple[UUID, ...] = ()) -> Viewer:
    return Viewer(agent_id=agent, name="x", permissions=frozenset(), scope=scope, team_ids=teams, brand_ids=brands)


async def many_tickets(shop: Shop, count: int) -> None:
    """In batches that share their instants, so that the id must decide between equals."""
    now = shop.clock.now()
    lines = [says(shop.chat, f"v{i}", f"第 {i} 句", now + timedelta(seconds=i // 7)) for i in range(count)]
    for start in range(0, count, 50):
        await shop.intake.accept_batch(
            [msgspec.structs.replace(m, received_at=m.at) for m in lines[start : start + 50]]
        )


@pytest.mark.parametrize("limit", [1, 7, 50])
async def test_pages_have_no_gap_and_no_row_twice(shop: Shop, limit: int) -> None:
    await many_tickets(shop, 60)
    everything = [
        r["id"] for r in await shop.db.pool.fetch("SELECT id FROM ticket ORDER BY last_message_at DESC, id DESC")
    ]
    seen: list[UUID] = []
    after = None
    async with shop.db.read() as tx:
        while True:
            page = await views.tickets_page(tx, viewer(Scope.ALL), TicketFilter(view="all", after=after, limit=limit))
            seen += [row.id for row in page]
            if len(page) < limit:
                break
            after = (page[-1].last_message_at, page[-1].id)
    assert seen == everything


async def test_new_rows_between_two_pages_shift_nothing(shop: Shop) -> None:
    await many_tickets(shop, 20)
    async with shop.db.read() as tx:
        first = await views.tickets_page(tx, viewer(Scope.ALL), TicketFilter(view="all", limit=10))
    await shop.intake.accept(says(shop.chat, "new", "新", shop.clock.now() + timedelta(hours=1)))
    after = (first[-1].last_message_at, first[-1].id)
    async with shop.db.read() as tx:
        second = await views.tickets_page(tx, viewer(Scope.ALL), TicketFilter(view="all", after=after, limit=10))
    assert len({row.id for row in [*first, *second]}) == 20


VIEWERS = [
    (Scope.ALL, LIN, False, False), (Scope.BRAND, LIN, False, True), (Scope.BRAND, LIN, False, False),
    (Scope.TEAM, LIN, True, False), (Scope.TEAM, LIN, False, False), (Scope.OWN, LIN, True, True),
    (Scope.OWN, GAO, True, True),
]  # fmt: skip


@pytest.mark.parametrize(("scope", "agent", "in_team", "in_brand"), VIEWERS)
async def test_the_predicate_in_sql_and_the_one_for_single_rows_agree(
    shop: Shop, scope: Scope, agent: UUID, in_team: bool, in_brand: bool
) -> None:
    await many_tickets(shop, 12)
    other_team, other_brand = uuid4(), uuid4()
    await shop.db.pool.execute("INSERT INTO brand VALUES ($1, 'other', '别的')", other_brand)
    for table in ("ticket", "conversation"):
        rows = await shop.db.pool.fetch(f"SELECT id FROM {table} ORDER BY id")
        for n, row in enumerate(rows):
            await shop.db.pool.execute(
                f"UPDATE {table} SET team_id = $2, brand_id = $3, agent_id = $4 WHERE id = $1", row["id"],
                (shop.team, other_team, None)[n % 3], (shop.brand, other_brand)[n % 2], (LIN, None, GAO, None)[n % 4],
            )  # fmt: skip
    who = viewer(scope, agent, (shop.team,) if in_team else (), (shop.brand,) if in_brand else ())
    async with shop.db.read() as tx:
        listed = {row.id for row in await views.tickets_page(tx, who, TicketFilter(view="all", limit=100))}
        single = {t for t in await ids(tx, "ticket") if views.sees(who, await views.owner_of_ticket(tx, t))}
        assert listed == single
        queued = {row.id for row in await views.queue(tx, who)}
        spoken = {c for c in await ids(tx, "conversation") if views.sees(who, await views.owner_of_conversation(tx, c))}
        assert queued == spoken
        for contact in await ids(tx, "contact"):
            rows = await tx.fetch(
                "SELECT brand_id, team_id, agent_id FROM ticket WHERE contact_id = $1 UNION ALL"
                " SELECT brand_id, team_id, agent_id FROM conversation WHERE contact_id = $1", contact,
            )  # fmt: skip
            owners = [msgspec.convert(dict(r) | {"contact_id": contact}, views.Owner) for r in rows]
            assert await views.contact_seen(tx, who, contact) == any(views.sees(who, o) for o in owners)


async def ids(tx: Tx, table: str) -> list[UUID]:
    return [r["id"] for r in await tx.fetch(f"SELECT id FROM {table}")]


async def test_a_page_costs_the_same_queries_whatever_its_size(shop: Shop) -> None:
    await many_tickets(shop, 60)
    counts = [await queries_of_a_page(shop, limit) for limit in (1, 1, 50)]  # the first also learns the types
    assert counts[1] == counts[2] <= 6, "two a page, two a queue, one for all counts, one to begin"


async def queries_of_a_page(shop: Shop, limit: int) -> int:
    seen: list[str] = []
    async with shop.db.read() as tx:
        tx.add_query_logger(lambda record: seen.append(record.query))
        await views.tickets_page(tx, viewer(Scope.ALL), TicketFilter(view="all", limit=limit))
        await views.queue(tx, viewer(Scope.ALL))
        await views.ticket_counts(tx, viewer(Scope.ALL))
    return len(seen)


async def test_counts_say_what_the_lists_hold(shop: Shop) -> None:
    await many_tickets(shop, 9)
    await shop.db.pool.execute("UPDATE ticket SET status = 'open', agent_id = $1 WHERE number % 3 = 0", LIN)
    await shop.db.pool.execute("UPDATE ticket SET status = 'pending', agent_id = $1 WHERE number % 3 = 1", LIN)
    async with shop.db.read() as tx:
        counts = await views.ticket_counts(tx, viewer(Scope.TEAM, LIN, (shop.team,)))
    assert counts == {"mine": 6, "pending": 3, "unassigned": 3, "team": 9, "all": 9}
