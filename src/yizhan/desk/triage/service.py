"""Triage: a ticket or conversation is classified once and handed to routing as ready."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from yizhan.desk.triage import policy, store
from yizhan.desk.triage.model import Case, Conclusion, TriageRules
from yizhan.foundation.db import Record, Tx
from yizhan.foundation.journal import Entry
from yizhan.records import conversations, tickets
from yizhan.records.tickets import TicketType, Verdict

ACTOR = "triage"


async def triage(
    tx: Tx, conversation_ids: Iterable[UUID], ticket_ids: Iterable[UUID], rules: TriageRules, *, now: datetime
) -> None:
    """Makes everything of these that is not ready yet ready, with a fixed number of statements."""
    waiting = await store.conversations(tx, sorted(set(conversation_ids)), now - policy.STICKY_DAYS)
    cases = await store.cases(tx, sorted({*ticket_ids, *(r["ticket_id"] for r in waiting if r["ticket_id"])}))
    skills = await store.held_skills(tx)
    concluded = {case.ticket_id: policy.conclude(case, rules, skills) for case in cases}
    needs = {r["id"]: _needs_of_conversation(r, concluded, skills) for r in waiting}
    # Conversations first: the house locks them before tickets.
    if needs:
        await conversations.mark_triaged(tx, needs, actor=ACTOR, now=now)
    if cases:
        verdicts = [_verdict(case, concluded[case.ticket_id], skills) for case in cases]
        await tickets.mark_triaged(tx, verdicts, actor=ACTOR, now=now)


async def make_overdue_ready(tx: Tx, *, now: datetime) -> int:
    """The net: what triage has not done in time waits no longer for it, and says so; returns how much that was."""
    conversation_ids, rows = await store.overdue(tx, now - policy.DEADLINE)
    late: dict[str, Any] = {"late": True}
    if conversation_ids:
        await conversations.mark_triaged(tx, dict.fromkeys(conversation_ids, late), actor=ACTOR, now=now, late=True)
    if rows:
        verdicts = [Verdict(r["id"], TicketType(r["type"]), r["priority"], late) for r in rows]
        await tickets.mark_triaged(tx, verdicts, actor=ACTOR, now=now, late=True)
    return len(conversation_ids) + len(rows)


def _needs_of_conversation(
    row: Record, concluded: Mapping[UUID, Conclusion], skills: Mapping[str, UUID]
) -> dict[str, Any]:
    conclusion = concluded.get(row["ticket_id"]) if row["ticket_id"] else None
    needs: dict[str, Any] = {}
    if conclusion is not None and conclusion.skill is not None:
        needs["skills"] = [skills[conclusion.skill]]
    if row["last_agent"] is not None:
        needs["prefer"] = [row["last_agent"]]
    return needs


def _verdict(case: Case, conclusion: Conclusion, skills: Mapping[str, UUID]) -> Verdict:
    needs: dict[str, Any] = {}
    if conclusion.skill is not None:
        needs["skills"] = [skills[conclusion.skill]]
    if conclusion.safety:
        needs["safety"] = True
    if case.reopened:
        needs["reopened"] = True
    return Verdict(case.ticket_id, conclusion.type, conclusion.priority, needs)


def subjects(entries: Sequence[Entry]) -> tuple[list[UUID], list[UUID]]:
    """The conversations and tickets that entries of the journal ask to be triaged."""
    found = [e.conversation_id for e in entries if e.kind == "conversation.started"]
    born = [e.ticket_id for e in entries if e.kind == "ticket.created" or _reopened(e)]
    return [i for i in found if i], [i for i in born if i]


def _reopened(entry: Entry) -> bool:
    return entry.kind == "ticket.moved" and entry.data.get("action") == "reopen"
