"""试算: which open tickets other rules would make something else of. Nothing is changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.priority import policy, store
from yizhan.desk.priority.documents import PriorityDocument
from yizhan.desk.priority.faults import PriorityBook
from yizhan.desk.priority.model import Decision
from yizhan.desk.priority.service import asked_of
from yizhan.desk.triage import Conclusion as Found
from yizhan.desk.triage import Judge, TriageBook, judge_again
from yizhan.foundation.db import Tx
from yizhan.records.agents import Viewer
from yizhan.records.config import SHIPPED_TREE, TypeTree

MOST = 300


class Changed(msgspec.Struct, frozen=True):
    ticket_id: UUID
    before: Decision
    after: Decision


async def preview(
    tx: Tx, viewer: Viewer, document: PriorityDocument, book: PriorityBook, triage: TriageBook, *, now: datetime,
    words: Judge | None = None, types: TypeTree = SHIPPED_TREE,
) -> tuple[int, list[Changed]]:  # fmt: skip
    """How many tickets were judged, and those that the document, in place of the house's own, judges otherwise.

    Where the document is for inboxes or teams, it is laid over what counts there.
    """
    tickets = await store.open_tickets(tx, viewer, MOST)
    judged = await judge_again(tx, tickets, triage, now=now, types=types)
    changed = []
    for each in judged:
        case = each.case
        placed = document.inboxes or document.teams
        if placed and case.inbox_id not in document.inboxes and case.team_id not in document.teams:
            continue
        told: Found = words.judge(case, each.facts, each.last, now) if words is not None else each.last
        asked = asked_of(each.facts, told)
        before = policy.decide(asked, book.of(case.inbox_id, case.team_id), now)
        after = policy.decide(asked, policy.compile_priority([document], "preview"), now)
        if before.priority != after.priority:
            changed.append(Changed(case.ticket_id, before, after))
    return len(judged), changed
