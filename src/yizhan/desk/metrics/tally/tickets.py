"""Tickets: whom nobody has, what is nearly and what is overdue, what was solved."""

from __future__ import annotations

from collections.abc import Mapping

from yizhan.desk.metrics.model import Late, State, Unassigned, key_of
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
    if (late := state.late.get(e.subject)) is not None and e.team_id is not None:
        late.team = str(e.team_id)
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
    _late(state, e).marks[e.subject] = "warned"


def _breached(state: State, e: Entry) -> None:
    _late(state, e).marks[e.subject] = "breached"
    counts_at(state, e.at.timestamp(), key_of(e.team_id, "", None)).sla_breaches += 1


def _paused(state: State, e: Entry) -> None:
    """Nobody is late while the customer is waited for."""
    late = state.late.get(e.ticket_id or e.subject)
    if late is not None and e.subject in late.marks:
        late.held[e.subject] = late.marks.pop(e.subject)


def _resumed(state: State, e: Entry) -> None:
    late = state.late.get(e.ticket_id or e.subject)
    if late is not None and e.subject in late.held:
        late.marks[e.subject] = late.held.pop(e.subject)


def _over(state: State, e: Entry) -> None:
    late = state.late.get(e.ticket_id or e.subject)
    if late is None:
        return
    late.marks.pop(e.subject, None)
    late.held.pop(e.subject, None)
    if not late.marks and not late.held:
        del state.late[e.ticket_id or e.subject]


def _late(state: State, e: Entry) -> Late:
    late = state.late.setdefault(e.ticket_id or e.subject, Late(""))
    late.team = str(e.team_id or "") or late.team
    return late


TICKETS: Mapping[str, Act] = {
    "work.ready": _ready,
    "ticket.created": _created,
    "ticket.assigned": _handed,
    "ticket.joined": _merged,
    "ticket.moved": _moved,
    "sla.warned": _warned,
    "sla.breached": _breached,
    "sla.paused": _paused,
    "sla.resumed": _resumed,
    "sla.met": _over,
    "sla.cancelled": _over,
}
