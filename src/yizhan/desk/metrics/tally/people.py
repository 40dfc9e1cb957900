"""People: who is there, since when, and with how much."""

from __future__ import annotations

from collections.abc import Mapping

from yizhan.desk.metrics.model import Presence, State
from yizhan.desk.metrics.tally.ledger import Act
from yizhan.foundation.journal import Entry


def _present(state: State, e: Entry) -> None:
    known = state.presences.get(e.subject)
    to = str(e.data["to"])
    since = known.since if known is not None and known.state == to else e.at.timestamp()
    state.presences[e.subject] = Presence(to, since, bool(e.data.get("lost")))


def _loaded(state: State, e: Entry) -> None:
    state.loads[e.subject] = int(e.data["live"])


PEOPLE: Mapping[str, Act] = {
    "agent.presence": _present,
    "load.changed": _loaded,
}
