"""Which changes of many make sense, and what takes one back. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from yizhan.desk.bulk.model import BulkChange, Doing
from yizhan.foundation.errors import Conflict, Invalid
from yizhan.records.tickets import TRANSITIONS, Action, Status, Ticket, after_change

MOST = 500


def check_change(change: BulkChange) -> None:
    """Raises Invalid with the part that is missing."""
    if change.do is Doing.ASSIGN and (change.agent_id is None) == (change.team_id is None):
        raise Invalid("choose an agent or a team", "change.agent_id")
    if change.do is Doing.MOVE and change.action is None:
        raise Invalid("say what is done", "change.action")
    if change.do is Doing.TAG and not (change.add or change.remove):
        raise Invalid("name tags to add or to remove", "change.add")
    if change.do is Doing.PRIORITY and change.priority is None:
        raise Invalid("name a priority", "change.priority")
    if change.do is Doing.TYPE and not change.type:
        raise Invalid("name a type", "change.type")
    if change.do is Doing.UNDO:
        raise Invalid("a job is taken back by its own verb", "change.do")


def tagged(tags: Sequence[str], change: BulkChange) -> list[str]:
    return after_change(tags, change.add, change.remove)


def replaced(ticket: Ticket) -> dict[str, Any]:
    """All that any change of many replaces."""
    return {
        "status": ticket.status, "agent_id": ticket.agent_id, "team_id": ticket.team_id, "priority": ticket.priority,
        "type": ticket.type, "tags": ticket.tags,
    }  # fmt: skip


def way_back(now: Status, before: Status) -> Action:
    """The one move that leads back; raises Conflict where the table has none."""
    found = [action for (status, action), after in TRANSITIONS.items() if status is now and after is before]
    if not found:
        raise Conflict(f"no move leads from {now} back to {before}")
    return found[0]
