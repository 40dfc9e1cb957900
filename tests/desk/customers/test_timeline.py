"""One timeline across all sources: page after page nothing is left out, nothing comes twice, however the times fall."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest

from tests.desk.intake.samples import Shop, open_shop, says
from yizhan.desk import customers
from yizhan.desk.customers import EVERYTHING, IN_SHORT, Entry, EntryKind, Place
from yizhan.desk.sources import OrderIn, put_orders
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.ids import new_id
from yizhan.records.agents import Permission, Scope, Viewer
from yizhan.records.contacts import Identifier

MINUTE = timedelta(minutes=1)
LIN = UUID(int=11)


@pytest.fixture
async def shop(db: Database, clock: FakeClock) -> Shop:
    return await open_shop(db, clock)


def viewer(scope: Scope = Scope.ALL, *may: Permission) -> Viewer:
    permissions = frozenset(may or (Permission.CUSTOMER_READ, Permission.TICKET_READ))
    return Viewer(agent_id=LIN, name="林", permissions=permissions, scope=scope)


async def story(shop: Shop) -> UUID:
    """Two contacts of one person: chats that overlap a mail thread, orders at the same instants, visits, a rating."""
    start = shop.clock.now()
    for n in range(9):
        at = start + n * MINUTE
        who, inbox = ("wei@example.com", shop.mail) if n % 3 == 0 else ("v1", shop.chat)
        line = says(inbox, who, f"第 {n} 句", at)
        await shop.intake.accept_batch([msgspec.structs.replace(line, received_at=at)])
    orders = [
        OrderIn(number=f"SO{n}", identifiers=(Identifier("external", "shop:7"),), status="paid", total_fen=100 * n,
                placed_at=start + (n - 3) * MINUTE)
        for n in range(7)
    ]  # fmt: skip
    async with shop.db.transaction() as tx:
        await put_orders(tx, shop.vault, orders, source="shop", now=start, by="system")
        head = await tx.fetchval("SELECT id FROM contact ORDER BY id LIMIT 1")
        await tx.execute("UPDATE contact SET person_id = $1", head)
        for n in range(3):
            await tx.execute(
                "INSERT INTO visit (id, inbox_id, visitor, started_at, seen_at, origin, pages)"
                " SELECT $1, $2, blind, $3, $3, '{}', 4 FROM identity WHERE kind = 'visitor'",
                new_id(start + n * MINUTE), shop.chat, start + n * MINUTE,
            )  # fmt: skip
        await tx.execute(
            "INSERT INTO rating (conversation_id, contact_id, brand_id, inbox_id, stars, way, given_at, changed_at)"
            " SELECT v.id, v.contact_id, v.brand_id, v.inbox_id, 4, 'window', $1, $1 FROM conversation v LIMIT 1",
            start + 4 * MINUTE,
        )  # fmt: skip
        await tx.execute(
            "INSERT INTO note (id, ticket_id, action, text, typed, actor, at)"
            " SELECT $1, t.id, 'comment', '打过电话了', true, 'system', $2 FROM ticket t ORDER BY t.id LIMIT 1",
            new_id(start + 5 * MINUTE), start + 5 * MINUTE,
        )  # fmt: skip
        for n in range(2):
            await tx.execute(
                "INSERT INTO channel_event (id, inbox_id, identity_id, contact_id, kind, detail, at, dedupe)"
                " SELECT $1, $2, i.id, i.contact_id, 'scan', '{\"scene\": \"门店\"}', $3, $4 FROM identity i LIMIT 1",
                new_id(start + n * MINUTE), shop.chat, start + n * MINUTE, bytes([n]),
            )  # fmt: skip
    person: UUID = head
    return person


async def walked(shop: Shop, person: UUID, kinds: frozenset[EntryKind], count: int) -> list[Entry]:
    found: list[Entry] = []
    place: Place | None = None
    async with shop.db.read() as tx:
        while True:
            page = await customers.timeline(tx, viewer(), person, kinds, before=place, count=count)
            found += page
            if len(page) < count:
                return found
            place = (page[-1].at, page[-1].id)


@pytest.mark.parametrize("count", [1, 4, 100])
async def test_pages_have_no_gap_and_no_entry_twice(shop: Shop, count: int) -> None:
    person = await story(shop)
    found = await walked(shop, person, EVERYTHING, count)
    assert [(e.at, e.id) for e in found] == sorted({(e.at, e.id) for e in found}, reverse=True)
    kinds = [entry.kind for entry in found]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        EntryKind.MESSAGE: 9, EntryKind.ORDER: 7, EntryKind.VISIT: 3, EntryKind.RATING: 1, EntryKind.TICKET: 2,
        EntryKind.NOTE: 1, EntryKind.ACTION: 2,
    }  # fmt: skip
    assert {(e.title, e.detail, e.channel) for e in found if e.kind is EntryKind.ACTION} == {
        ("scan", "门店", "webchat")
    }


async def test_orders_of_before_the_first_id_are_the_end_of_it(shop: Shop) -> None:
    """A CRM that knows no date says 1900-01-01."""
    person = await story(shop)
    old = OrderIn(number="SO-old", identifiers=(Identifier("external", "shop:7"),), status="done", total_fen=1,
                  placed_at=datetime(1900, 1, 1, tzinfo=UTC))  # fmt: skip
    async with shop.db.transaction() as tx:
        await put_orders(tx, shop.vault, [old], source="shop", now=shop.clock.now(), by="system")
    assert (await walked(shop, person, EVERYTHING, 1))[-1].at == old.placed_at


async def test_beside_a_conversation_it_is_one_line_each(shop: Shop) -> None:
    person = await story(shop)
    found = await walked(shop, person, IN_SHORT, 50)
    assert EntryKind.MESSAGE not in {entry.kind for entry in found}
    assert [e.detail for e in found if e.kind is EntryKind.CONVERSATION] == ["第 8 句", "第 6 句"]


async def test_who_may_not_read_tickets_reads_no_words(shop: Shop) -> None:
    person = await story(shop)
    async with shop.db.read() as tx:
        staff = viewer(Scope.ALL, Permission.CUSTOMER_READ)
        found = await customers.timeline(tx, staff, person, EVERYTHING)
        assert {entry.kind for entry in found} == {EntryKind.ORDER, EntryKind.VISIT, EntryKind.ACTION}
        own = await customers.timeline(tx, viewer(Scope.OWN), person, EVERYTHING)
        assert {entry.kind for entry in own} == {EntryKind.ORDER, EntryKind.VISIT, EntryKind.ACTION}, (
            "nothing of it is his work"
        )


async def test_a_message_taken_back_says_nothing(shop: Shop) -> None:
    person = await story(shop)
    await shop.db.pool.execute("UPDATE message SET recalled_at = $1 WHERE text = '第 8 句'", shop.clock.now())
    found = await walked(shop, person, frozenset({EntryKind.MESSAGE}), 50)
    assert (found[0].status, found[0].detail) == ("recalled", "")


async def test_figures_are_of_all_contacts_of_a_person(shop: Shop) -> None:
    person = await story(shop)
    members = [row["id"] for row in await shop.db.pool.fetch("SELECT id FROM contact WHERE person_id = $1", person)]
    async with shop.db.read() as tx:
        figures = await customers.figures(tx, viewer(), person, ZoneInfo("Asia/Shanghai"), shown=members)
        shut = await customers.figures(tx, viewer(), person, ZoneInfo("Asia/Shanghai"))
    assert (shut.spent, shut.spent_masked, shut.orders, figures.spent_masked) == ([], True, 7, False)
    assert (figures.tickets, figures.open, figures.conversations, figures.orders) == (2, 2, 2, 7)
    assert figures.spent == [customers.Spent("CNY", 2100)]
    assert (figures.csat, figures.ratings) == (4.0, 1)
    assert figures.last_contact == shop.clock.now() + 8 * MINUTE
    assert figures.channel in ("webchat", "email")
