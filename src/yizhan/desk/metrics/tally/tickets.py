"""Tickets: whom nobody has, what is nearly and what is overdue, what was solved."""

from __future__ import annotations

from collections.abc import Mapping

from yizhan.desk.metrics.model import State, Unassigned, key_of
from yizhan.desk.metrics.tally.ledger import Act, counts_at, done_by, placed
from yizhan.foundation.ids import id_time
from yizhan.foundation.journal import Entry


def _ready(state: State, e: Entry) -> None:
    placed(state, e)
    if e.data.get("work") == "ticket" and e.agent_id is None:
        _nobodys(state, e, id_time(e.subject).timestamp())


def _created(state: State, e: Entry) -> None:
    """A sub-task is ready as it is made; all others wait for triage first."""
    if e.agent_id is None and e.data.get("parent"):
        _nobodys(state, e, e.at.timestamp())


def _handed(state: State, e: Entry) -> None:
    if e.data.get("to"):
        state.unassigned.pop(e.subject, None)
    elif e.data.get("status", "new") == "new":
        _nobodys(state, e, e.at.timestamp())


def _merged(state: State, e: Entry) -> None:
    state.unassigned.pop(e.subject, None)


def _nobodys(state: State, e: Entry, since: float) -> None:
    """In another team it waits no less."""
    known = state.unassigned.get(e.subject)
    state.unassigned[e.subject] = Unassigned(str(e.team_id or ""), known.since if known else since)


def _moved(state: State, e: Entry) -> None:
    if e.data.get("to") == "new":
        _nobodys(state, e, e.at.timestamp())
    else:
        state.unassigned.pop(e.subject, None)
    if e.data.get("action") == "solve" and e.agent_id is not None:
        done_by(state, e.at.timestamp(), e.agent_id).solved += 1


def _warned(state: State, e: Entry) -> None:
    state.warned[e.subject] = str(e.team_id or "")


def _breached(state: State, e: Entry) -> None:
    state.warned.pop(e.subject, None)
    state.breached[e.subject] = str(e.team_id or "")
    counts_at(state, e.at.timestamp(), key_of(e.team_id, "", None)).sla_breaches += 1


def _over(state: State, e: Entry) -> None:
    state.warned.pop(e.subject, None)
    state.breached.pop(e.subject, None)


TICKETS: Mapping[str, Act] = {
    "work.ready": _ready,
    "ticket.created": _created,
    "ticket.assigned": _handed,
    "ticket.joined": _merged,
    "ticket.moved": _moved,
    "sla.warned": _warned,
    "sla.breached": _breached,
    "sla.met": _over,
    "sla.cancelled": _over,
}
