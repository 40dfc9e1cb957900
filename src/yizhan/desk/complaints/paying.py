"""补偿 by the rules of the house: what somebody's role allows, and who decides above it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from yizhan.desk import views
from yizhan.desk.complaints import store
from yizhan.desk.complaints.policy import Rulebook
from yizhan.desk.complaints.telling import raise_notice
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict
from yizhan.records import compensations, tickets
from yizhan.records.compensations import Compensation, PayState, Wish
from yizhan.records.tickets import By, Note

_LEAD = "lead"


async def pay(tx: Tx, wish: Wish, book: Rulebook, *, agent_id: UUID, by: By, now: datetime) -> Compensation:
    """Granted at once within one's own limit; above it somebody with a larger one is asked."""
    await compensations.lock_person(tx, wish.contact_id)
    ticket = await tickets.lock_ticket(tx, wish.ticket_id)
    if ticket.status in tickets.FINAL and ticket.merged_into is not None:
        raise Conflict("the ticket was merged into another")
    role = await store.role_of(tx, agent_id)
    wish = replace(wish, family=frozenset(await views.with_merged(tx, ticket.merged_into or ticket.id)))
    ledger = await compensations.ledger(tx, wish.contact_id)
    allowed = book.allowed(role, compensations.total_with(wish, ledger))
    made = await compensations.ask(tx, wish, allowed, asked_by=agent_id, now=now)
    granted = made.state is PayState.GRANTED
    await _note(tx, made, "paid" if granted else "pay_asked", made.reason, by, now)
    if not granted:
        assert made.needs is not None
        who = _LEAD if made.needs == _LEAD else f"role:{made.needs}"
        await _tell(tx, made, [who], [], "compensation.asked", by, now)
    return made


async def decide(
    tx: Tx, compensation_id: UUID, approve: bool, book: Rulebook, *, text: str, agent_id: UUID, by: By, now: datetime
) -> Compensation:
    asked = await compensations.lock_compensation(tx, compensation_id)
    allowed = book.allowed(await store.role_of(tx, agent_id), asked.total_fen)
    made = await compensations.decide(tx, asked, approve, allowed, text=text, by=agent_id, now=now)
    await _note(tx, made, "pay_granted" if approve else "pay_refused", text.strip(), by, now)
    await _tell(tx, made, ["asker"], [made.asked_by], f"compensation.{made.state}", by, now)
    return made


async def withdraw(tx: Tx, compensation_id: UUID, *, agent_id: UUID, by: By, now: datetime) -> Compensation:
    asked = await compensations.lock_compensation(tx, compensation_id)
    made = await compensations.withdraw(tx, asked, by=agent_id, now=now)
    await _note(tx, made, "pay_withdrawn", "", by, now)
    return made


async def mine_to_decide(tx: Tx, book: Rulebook, agent_id: UUID) -> list[Compensation]:
    """What waits and is within this person's limit, and was not asked by him."""
    limit = book.limit_fen(await store.role_of(tx, agent_id))
    return [
        each for each in await compensations.pending(tx)
        if each.asked_by != agent_id and compensations.within(each.total_fen, limit)
    ]  # fmt: skip


def yuan(fen: int) -> str:
    return f"¥{fen / 100:,.2f}".removesuffix(".00")


async def _note(tx: Tx, made: Compensation, code: str, words: str, by: By, now: datetime) -> None:
    text = tickets.line(code, pay=made.kind, amount=yuan(made.fen), words=words[:3900])
    await tickets.add_note(tx, Note(
        ticket_id=made.ticket_id, action="compensation", text=text, typed=False, actor=by.actor, at=now,
    ))  # fmt: skip


async def _tell(
    tx: Tx, made: Compensation, who: list[str], agents: list[UUID], why: str, by: By, now: datetime
) -> None:
    facts: dict[str, object] = {"compensation": made.id, "fen": made.fen, "needs": made.needs}
    await raise_notice(tx, made.ticket_id, who=who, agents=agents, why=why, actor=by.actor, now=now, facts=facts)
