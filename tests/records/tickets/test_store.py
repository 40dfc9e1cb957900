"""Tickets on a real PostgreSQL: every move leaves its note and its event, in one transaction."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.desk.intake.samples import Shop, open_shop, says
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Conflict, IllegalTransition, Invalid, NotFound
from yizhan.records import tickets
from yizhan.records.tickets import Action, By, Status, Ticket, TicketChange, next_status

LIN = UUID(int=11)
BY = By(f"agent:{LIN}", LIN)


@pytest.fixture
async def shop(db: Database, clock: FakeClock) -> Shop:
    return await open_shop(db, clock)


async def new_ticket(shop: Shop, who: str = "v1") -> UUID:
    done = await shop.intake.accept(says(shop.chat, who, "灯不亮", shop.clock.now()))
    assert done.ticket_id
    return done.ticket_id


async def move(shop: Shop, ticket_id: UUID, action: Action, text: str = "已处理") -> Ticket:
    async with shop.db.transaction() as tx:
        ticket = await tickets.lock_ticket(tx, ticket_id)
        return await tickets.move_ticket(tx, ticket, action, text=text, by=BY, now=shop.clock.now(), typed=True)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(Action), min_size=1, max_size=8))
async def test_any_sequence_of_moves_is_the_tables_and_every_one_leaves_its_trace(
    shop: Shop, actions: list[Action]
) -> None:
    ticket_id = await made_by_hand(shop)
    status, notes = Status.OPEN, ["create"]
    for action in actions:
        try:
            expected = next_status(status, action)
        except IllegalTransition:
            with pytest.raises(IllegalTransition):
                await move(shop, ticket_id, action)
            continue
        moved = await move(shop, ticket_id, action)
        assert moved.status is expected
        status = expected
        notes.append(action)
    row = await shop.db.pool.fetchrow("SELECT * FROM ticket WHERE id = $1", ticket_id)
    assert row is not None
    assert row["status"] == status
    assert (row["closed_at"] is not None) == (status in tickets.FINAL)
    assert (row["pending_since"] is not None) == (status is Status.PENDING)
    kept = await shop.db.pool.fetch("SELECT action, to_status FROM note WHERE ticket_id = $1 ORDER BY id", ticket_id)
    assert [r["action"] for r in kept] == notes
    assert kept[-1]["to_status"] == status
    told = await shop.db.pool.fetch(
        "SELECT subject_version FROM event_new WHERE ticket_id = $1 AND subject = $1 ORDER BY seq", ticket_id
    )
    assert [r["subject_version"] for r in told] == list(range(1, len(notes) + 1))
    assert row["version"] == len(notes)


async def made_by_hand(shop: Shop) -> UUID:
    contact = await shop.db.pool.fetchval("SELECT id FROM contact LIMIT 1")
    if contact is None:
        await new_ticket(shop)
        contact = await shop.db.pool.fetchval("SELECT id FROM contact LIMIT 1")
    async with shop.db.transaction() as tx:
        return await tickets.create_ticket(
            tx, contact_id=contact, subject="回访", kind="consult", priority=2, text="电话回访", by=BY,
            now=shop.clock.now(),
        )  # fmt: skip


async def test_a_refused_move_leaves_nothing(shop: Shop) -> None:
    ticket_id = await new_ticket(shop)
    for action, text, error in ((Action.SOLVE, " \n", Invalid), (Action.CONFIRM, "好", IllegalTransition)):
        with pytest.raises(error):
            await move(shop, ticket_id, action, text)
    assert await shop.db.pool.fetchval("SELECT count(*) FROM note") == 0
    assert await shop.db.pool.fetchval("SELECT count(*) FROM event_new WHERE kind = 'ticket.moved'") == 0
    assert await shop.db.pool.fetchval("SELECT status FROM ticket") == "new"


async def test_the_database_itself_refuses_an_empty_note(shop: Shop) -> None:
    ticket_id = await new_ticket(shop)
    async with shop.db.transaction() as tx:
        with pytest.raises(Exception, match="note_text_check"):
            await tickets.add_note(tx, tickets.Note(
                ticket_id=ticket_id, action="x", text="  ", typed=True, actor="agent:1", at=shop.clock.now(),
            ))  # fmt: skip


async def test_a_change_by_hand_needs_the_version_that_was_read_and_a_note(shop: Shop) -> None:
    ticket_id = await new_ticket(shop)
    wanted = TicketChange(type="refund", priority=4, tags=["急"], order_no=None)
    async with shop.db.transaction() as tx:
        ticket = await tickets.lock_ticket(tx, ticket_id)
        changed = await tickets.change_ticket(
            tx, ticket, wanted, expected=ticket.version, text="客户要求", by=BY, now=shop.clock.now()
        )
        assert (changed.type, changed.priority, changed.tags, changed.subject) == ("refund", 4, ["急"], "灯不亮")
        for given_change, expected, text, error in (
            (wanted, ticket.version, "客户要求", Conflict), (wanted, changed.version, " ", Invalid),
            (TicketChange(), changed.version, "x", Invalid), (TicketChange(priority=5), changed.version, "x", Invalid),
        ):  # fmt: skip
            with pytest.raises(error):
                await tickets.change_ticket(
                    tx, changed, given_change, expected=expected, text=text, by=BY, now=shop.clock.now()
                )
    data = await shop.db.pool.fetchval("SELECT data FROM event_new WHERE kind = 'ticket.changed'")
    assert data == {
        "fields": ["order_no", "priority", "tags", "type"], "was": {"priority": 2, "type": "other"},
        "now": {"priority": 4, "type": "refund"},
    }  # fmt: skip


async def test_the_first_human_stays_responsible(shop: Shop) -> None:
    ticket_id = await new_ticket(shop)
    gao = UUID(int=12)
    for agent in (LIN, gao, None):
        async with shop.db.transaction() as tx:
            ticket = await tickets.lock_ticket(tx, ticket_id)
            await tickets.hand_over(
                tx, ticket, agent_id=agent, team_id=None, text="转派", by=BY, now=shop.clock.now(), typed=True
            )
    row = await shop.db.pool.fetchrow("SELECT owner_id, agent_id, status FROM ticket")
    assert row is not None
    assert tuple(row) == (LIN, None, "open")
    actions = [r["action"] for r in await shop.db.pool.fetch("SELECT action FROM note ORDER BY id")]
    assert actions == ["start", "assign", "assign"]


async def test_a_merge_is_taken_back(shop: Shop) -> None:
    one, other = await new_ticket(shop, "v1"), await new_ticket(shop, "v2")
    async with shop.db.transaction() as tx:
        a, b = await tickets.lock_two(tx, one, other)
        merged = await tickets.merge_ticket(tx, a, b, text="并入", by=BY, now=shop.clock.now())
        assert merged.merged_into == other
        with pytest.raises(Invalid):
            await tickets.merge_ticket(tx, b, merged, text="并入", by=BY, now=shop.clock.now())
        with pytest.raises(Invalid):
            await tickets.merge_ticket(tx, b, b, text="并入", by=BY, now=shop.clock.now())
        back = await tickets.merge_ticket(tx, merged, None, text="撤销", by=BY, now=shop.clock.now())
        assert (back.merged_into, back.version) == (None, a.version + 2)
        with pytest.raises(NotFound):
            await tickets.lock_two(tx, one, UUID(int=3))


async def test_a_ticket_made_by_hand_is_of_the_customers_brand(shop: Shop) -> None:
    await shop.db.pool.execute("INSERT INTO brand VALUES ($1, 'first', '更早')", UUID(int=1))
    await new_ticket(shop)
    made = await made_by_hand(shop)
    assert await shop.db.pool.fetchval("SELECT brand_id FROM ticket WHERE id = $1", made) == shop.brand
