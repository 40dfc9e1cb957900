"""Verbs over many tickets at once, for triage and routing: the same notes and events as one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.foundation.db import Record, Tx
from yizhan.foundation.journal import Event, emit
from yizhan.records.tickets import policy, store
from yizhan.records.tickets.model import By, HandOver, Note, Reranked, Status, Ticket, Verdict


async def mark_triaged(
    tx: Tx, verdicts: Sequence[Verdict], *, actor: str, now: datetime, late: bool = False
) -> list[UUID]:
    """Makes tickets ready for routing, once; returns those that were not ready before."""
    rows = await store.triaged(tx, verdicts)
    told = {v.ticket_id: v.told for v in verdicts}
    await emit(tx, [Event(
        kind="work.ready", subject=r["id"], subject_version=r["version"], at=now, actor=actor, brand_id=r["brand_id"],
        team_id=r["team_id"], agent_id=r["agent_id"], contact_id=r["contact_id"], ticket_id=r["id"],
        data={"work": "ticket", "type": r["type"], "priority": r["priority"], "late": late, **told[r["id"]]},
    ) for r in rows])  # fmt: skip
    await _tell_flags(tx, rows, verdicts, actor, now)
    return [r["id"] for r in rows]


async def reclassify(tx: Tx, verdicts: Sequence[Verdict], *, actor: str, now: datetime) -> list[UUID]:
    """What was learnt of tickets after they were triaged; returns those it changed. What a person set stays."""
    rows = await store.reclassified(tx, verdicts)
    told = {v.ticket_id: v.told for v in verdicts}
    await emit(tx, [Event(
        kind="ticket.changed", subject=r["id"], subject_version=r["version"], at=now, actor=actor,
        brand_id=r["brand_id"], team_id=r["team_id"], agent_id=r["agent_id"], contact_id=r["contact_id"],
        ticket_id=r["id"],
        data={"fields": ["priority", "type"], "type": r["type"], "priority": r["priority"], **told[r["id"]]},
    ) for r in rows])  # fmt: skip
    await _tell_flags(tx, rows, verdicts, actor, now)
    return [r["id"] for r in rows]


async def rerank(tx: Tx, others: Sequence[Reranked], *, actor: str, now: datetime) -> set[UUID]:
    """Tickets that became more or less urgent by other rules; returns those that did. Each leaves its note."""
    if not others:
        return set()
    rows = await store.reranked(tx, others)
    of = {each.ticket_id: each for each in others}
    await store.add_notes(tx, [Note(
        ticket_id=r["id"], action="change", text=of[r["id"]].text, typed=False, actor=actor, at=now,
        from_status=r["status"], to_status=r["status"],
    ) for r in rows])  # fmt: skip
    await emit(tx, [Event(
        kind="ticket.changed", subject=r["id"], subject_version=r["version"], at=now, actor=actor,
        brand_id=r["brand_id"], team_id=r["team_id"], agent_id=r["agent_id"], contact_id=r["contact_id"],
        ticket_id=r["id"],
        data={"fields": ["priority"], "was": {"priority": of[r["id"]].was}, "now": {"priority": r["priority"]},
              **of[r["id"]].told},
    ) for r in rows])  # fmt: skip
    return {r["id"] for r in rows}


async def _tell_flags(tx: Tx, rows: Sequence[Record], verdicts: Sequence[Verdict], actor: str, now: datetime) -> None:
    """An event of its own: who follows these few need not look at all work."""
    flags = {v.ticket_id: v.flags for v in verdicts if v.flags}
    await emit(tx, [Event(
        kind="ticket.flagged", subject=r["id"], subject_version=r["version"], at=now, actor=actor,
        brand_id=r["brand_id"], team_id=r["team_id"], agent_id=r["agent_id"], contact_id=r["contact_id"],
        ticket_id=r["id"], data={"flags": flags[r["id"]], "priority": r["priority"]},
    ) for r in rows if r["id"] in flags])  # fmt: skip


async def hand_over_many(tx: Tx, overs: Sequence[HandOver], *, by: By, now: datetime) -> dict[UUID, Ticket]:
    """New handlers for locked tickets; each leaves its note and its event."""
    versions = await store.set_handlers(tx, [(o.ticket.id, o.agent_id, o.team_id) for o in overs])
    after = {o.ticket.id: _after(o, versions[o.ticket.id]) for o in overs}
    await store.add_notes(tx, [_note(o, after[o.ticket.id].status, by, now) for o in overs])
    await emit(tx, [_event(o, after[o.ticket.id], by, now) for o in overs])
    return after


def _after(o: HandOver, version: int) -> Ticket:
    status = Status.OPEN if o.ticket.status is Status.NEW and o.agent_id else o.ticket.status
    return msgspec.structs.replace(
        o.ticket, agent_id=o.agent_id, team_id=o.team_id or o.ticket.team_id, status=status, version=version,
        owner_id=o.ticket.owner_id or o.agent_id,
    )  # fmt: skip


def _note(o: HandOver, status: Status, by: By, now: datetime) -> Note:
    return Note(
        ticket_id=o.ticket.id, action="start" if status is not o.ticket.status else "assign",
        text=policy.check_note(o.text), typed=o.typed, actor=by.actor, at=now, conversation_id=o.conversation_id,
        from_status=o.ticket.status, to_status=status, evidence=o.evidence,
    )  # fmt: skip


def _event(o: HandOver, t: Ticket, by: By, now: datetime) -> Event:
    return Event(
        kind="ticket.assigned", subject=t.id, subject_version=t.version, at=now, actor=by.actor, request=by.request,
        brand_id=t.brand_id, team_id=t.team_id, agent_id=t.agent_id, contact_id=t.contact_id, ticket_id=t.id,
        data={"from": o.ticket.agent_id, "to": o.agent_id, "team": o.team_id, "status": t.status},
    )  # fmt: skip
