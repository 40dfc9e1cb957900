"""Triage: a ticket or conversation is classified once and handed to routing as ready; later words may tell more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from yizhan.desk import views
from yizhan.desk.triage import policy, store
from yizhan.desk.triage.book import TriageBook
from yizhan.desk.triage.model import Case, Conclusion, Facts, Judge, Judged
from yizhan.desk.triage.rules import STATED
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Entry, emitted_together
from yizhan.foundation.turns import in_turns
from yizhan.records import conversations, tickets
from yizhan.records.config import SHIPPED_TREE, TypeTree
from yizhan.records.tickets import Verdict

ACTOR = "triage"
Skills = Mapping[str, UUID]
_WORDS = frozenset({"text", STATED})  # read here, and more of them
# What a case knows of itself, and what is found out while it is judged: nobody has to ask for these.
_OF_CASE = frozenset({
    "type", "types", "priority", "safety", "level", "repeats", "subject", "waiting_since", "created_at", "text", STATED,
    "language",
})  # fmt: skip
_LATER = ("continue", "return")
_FROM_ASSISTANT = frozenset({"reception.handed", "reception.closed"})


async def triage(
    tx: Tx, conversation_ids: Iterable[UUID], ticket_ids: Iterable[UUID], book: TriageBook, *,
    later: Iterable[UUID] = (), types: TypeTree = SHIPPED_TREE, now: datetime, judges: Sequence[Judge] = (),
) -> None:  # fmt: skip
    """Makes everything of these that is not ready yet ready, with a fixed number of statements.

    What became ready without having been judged, because triage was late, is judged now. `later` are messages that
    customers added to tickets judged before. `judges` have their say after the rules of triage, each in its turn.
    """
    waiting = await store.conversations(tx, sorted(set(conversation_ids)), now - policy.STICKY_DAYS)
    wanted = {*ticket_ids, *(r["ticket_id"] for r in waiting if r["ticket_id"])}
    added_by = sorted(set(later))
    words = await store.later_words(tx, added_by) if added_by else {}
    cases = await store.cases(tx, sorted({*wanted, *words}))
    first, added = [], []
    for case in cases:
        if not case.ready or (case.late and case.ticket_id in wanted):
            first.append(case)
        elif case.ticket_id in words:
            added.append(case)
    skills = await store.held_skills(tx) if cases else {}
    judged = await _conclude(tx, first, book, skills, types, judges, now)
    verdicts = [(each.case, _verdict(each.case, each.last, skills)) for each in judged]
    changed = await _revise(tx, added, words, book, skills, types, judges, now)
    revised = [*(v for case, v in verdicts if case.ready), *(_revised(e.case, e.last, skills) for e in changed)]
    fresh = [v for case, v in verdicts if not case.ready]
    async with emitted_together(tx):
        # Conversations first: the house locks them before tickets, and all tickets at once.
        if waiting:
            needs = {r["id"]: {"prefer": [r["last_agent"]]} if r["last_agent"] else {} for r in waiting}
            await conversations.mark_triaged(tx, needs, actor=ACTOR, now=now)
        if fresh and revised:
            await tickets.hold_many(tx, [v.ticket_id for v in (*fresh, *revised)])
        if fresh:
            await tickets.mark_triaged(tx, fresh, actor=ACTOR, now=now)
        if revised:
            await tickets.reclassify(tx, revised, actor=ACTOR, now=now)
        for judge in judges if judged or changed else ():
            await judge.settle(tx, [*judged, *changed], now)
        for each in (*judged, *changed):
            for key, error in each.first.failed:
                book.faults.note("triage", each.first.rules, key, error)
        await book.faults.tell(tx, actor=ACTOR, now=now)


async def judge_again(
    tx: Tx, ticket_ids: Sequence[UUID], book: TriageBook, *, now: datetime, types: TypeTree = SHIPPED_TREE
) -> list[Judged]:
    """What triage would conclude of these today, from all that was said: nothing is changed."""
    skills = await store.held_skills(tx)
    return await _conclude(tx, await store.cases(tx, sorted(set(ticket_ids))), book, skills, types, (), now, whole=True)


async def _conclude(
    tx: Tx, cases: Sequence[Case], book: TriageBook, skills: Skills, types: TypeTree, judges: Sequence[Judge],
    now: datetime, *, whole: bool = False,
) -> list[Judged]:  # fmt: skip
    facts = await _facts(tx, cases, None, _asked(cases, book, judges, whole=whole), now)
    judged = []
    async for case in in_turns(cases):
        told = policy.conclude(case, facts[case.ticket_id], book.of(case.inbox_id, case.team_id), skills, types)
        judged.append(_ask(judges, case, facts[case.ticket_id], told, now))
    return judged


async def _revise(
    tx: Tx, cases: Sequence[Case], words: Mapping[UUID, str], book: TriageBook, skills: Skills, types: TypeTree,
    judges: Sequence[Judge], now: datetime,
) -> list[Judged]:  # fmt: skip
    """Only where the later words change something."""
    facts = await _facts(tx, cases, words, _asked(cases, book, judges, whole=False), now)
    judged = []
    async for case in in_turns(cases):
        told = policy.revise(case, facts[case.ticket_id], book.of(case.inbox_id, case.team_id), skills, types)
        each = _ask(judges, case, facts[case.ticket_id], told, now)
        last = each.last
        graver = last.priority > case.priority or (last.safety and not case.needs.get("safety"))
        if graver or last.type != case.type or last.heard:
            judged.append(each)
    return judged


def _ask(judges: Sequence[Judge], case: Case, facts: Facts, first: Conclusion, now: datetime) -> Judged:
    last = first
    for judge in judges:
        last = judge.judge(case, facts, last, now)
    return Judged(case, facts, first, last)


async def make_overdue_ready(tx: Tx, *, now: datetime) -> int:
    """The net: what triage has not done in time waits no longer for it, and says so; returns how much that was."""
    conversation_ids, rows = await store.overdue(tx, now - policy.DEADLINE)
    late: dict[str, Any] = {"late": True}
    if conversation_ids:
        await conversations.mark_triaged(tx, dict.fromkeys(conversation_ids, late), actor=ACTOR, now=now, late=True)
    if rows:
        verdicts = [Verdict(r["id"], r["type"], r["priority"], late) for r in rows]
        await tickets.mark_triaged(tx, verdicts, actor=ACTOR, now=now, late=True)
    return len(conversation_ids) + len(rows)


def _asked(
    cases: Sequence[Case], book: TriageBook, judges: Sequence[Judge], *, whole: bool
) -> dict[UUID, frozenset[str]]:  # fmt: skip
    """Of which tickets rules ask more than their cases know, and what."""
    asked = {
        case.ticket_id: book.of(case.inbox_id, case.team_id).asked.union(*(judge.asks(case) for judge in judges))
        for case in cases
    }
    return {id: fields for id, fields in asked.items() if whole or not fields <= _OF_CASE}


async def _facts(
    tx: Tx, cases: Sequence[Case], later: Mapping[UUID, str] | None, more: Mapping[UUID, frozenset[str]], now: datetime
) -> dict[UUID, Facts]:
    """What rules may ask: of all that was written with the subject, or of the later words alone."""
    words = later if later is not None else await store.whole_words(tx, [case.ticket_id for case in cases])
    fields = frozenset[str]().union(*more.values()) - _WORDS
    known = await views.work_facts(tx, list(more), now=now, fields=fields)
    found: dict[UUID, Facts] = {}
    async for case in in_turns(cases):
        said = words.get(case.ticket_id, "")
        text = said if later is not None else f"{case.subject}\n{said}"
        facts = known.get(case.ticket_id) or {
            "level": case.level, "repeats": case.repeats, "subject": case.subject, "now": now,
            "waiting_since": case.waiting_since, "created_at": case.created_at,
        }  # fmt: skip
        language = views.language_of(case.locale, f"{case.subject} {said}")
        found[case.ticket_id] = {**facts, "text": text[-policy.MOST_TEXT :], "language": language}
    return found


def _verdict(case: Case, told: Conclusion, skills: Skills) -> Verdict:
    needs: dict[str, Any] = {}
    if told.skills:
        needs["skills"] = [skills[key] for key in told.skills]
    if told.safety:
        needs["safety"] = True
    if case.reopened:
        needs["reopened"] = True
    if heard := [*case.needs.get("heard", ()), *told.heard]:
        needs["heard"] = heard
    flags = ("safety",) * told.safety + ("complaint",) * (told.type.partition(".")[0] == "complaint")
    known = {"rules": told.rules, "matched": told.matched, **told.told, **_moved(case, told)}
    return Verdict(case.ticket_id, told.type, told.priority, needs, known, flags)


def _moved(case: Case, told: Conclusion) -> dict[str, Any]:
    """From what to what, for the trace: at first from how urgent the matter is by itself, later from what it was."""
    was: dict[str, object] = {"priority": case.priority if case.ready else told.found}
    now: dict[str, object] = {"priority": max(case.priority, told.priority) if case.ready else told.priority}
    if case.ready and not case.type_sure:
        was, now = {**was, "type": case.type}, {**now, "type": told.type}
    moved = [name for name in was if was[name] != now[name]]
    return {"was": {n: was[n] for n in moved}, "now": {n: now[n] for n in moved}} if moved else {}


def _revised(case: Case, told: Conclusion, skills: Skills) -> Verdict:
    """Skills that were asked for stay, unless it is another kind of matter now."""
    fresh = _verdict(case, told, skills)
    left = {"late"} | ({"skills"} if told.type != case.type else set())
    kept = {key: value for key, value in case.needs.items() if key not in left}
    needs = {**{key: value for key, value in fresh.needs.items() if key != "reopened"}, **kept}
    if "heard" in fresh.needs:
        needs["heard"] = fresh.needs["heard"]
    return msgspec.structs.replace(fresh, needs=needs)


def subjects(entries: Sequence[Entry]) -> tuple[list[UUID], list[UUID], list[UUID]]:
    """The conversations and tickets that entries of the journal ask to be triaged, and the messages that add words."""
    found = [e.conversation_id for e in entries if e.kind == "conversation.started" or e.kind in _FROM_ASSISTANT]
    born = [
        e.ticket_id for e in entries if e.kind == "ticket.created" or e.kind in _FROM_ASSISTANT or _reopened(e)
    ]  # fmt: skip
    later = [
        UUID(e.data["message"]) for e in entries if e.kind == "message.received" and e.data.get("effect") in _LATER
    ]
    return [i for i in found if i], [i for i in born if i], later


def _reopened(entry: Entry) -> bool:
    return entry.kind == "ticket.moved" and entry.data.get("action") == "reopen"
