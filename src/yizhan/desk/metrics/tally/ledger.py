"""Where what happens is written: a quarter of an hour, a place, and how long both are kept."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from yizhan.desk.metrics.model import QUARTER, Counts, Done, Mark, Spell, State, key_of, place_of
from yizhan.foundation.journal import Entry

Act = Callable[[State, Entry], None]

KEEP_QUARTERS = 2 * 96
"""Today and yesterday, whatever the zone."""

MOST_MARKS = 500


def placed(state: State, e: Entry) -> Spell | None:
    """The conversation, now with the team its event names."""
    spell = state.spells.get(e.subject)
    if spell is not None and e.team_id is not None:
        place = place_of(spell.key)
        spell.key = key_of(e.team_id, place.channel, place.inbox)
    return spell


def quarter_of(at: float) -> int:
    return int(at // QUARTER)


def counts_at(state: State, at: float, key: str) -> Counts:
    """Of a moment too long ago: counted for nobody."""
    if at > state.latest:
        _forget(state, at)
    found = counts_in(state, quarter_of(at), key)
    return Counts() if found is None else found


def counts_in(state: State, quarter: int, key: str) -> Counts | None:
    if quarter <= quarter_of(state.latest) - KEEP_QUARTERS:
        return None
    places = state.quarters.setdefault(quarter, {})
    found = places.get(key)
    if found is None:
        found = places[key] = Counts()
    return found


def mark(state: State, what: str, at: float, key: str, id: UUID, value: float = 0.0) -> None:
    """The newest are remembered: nobody reads a list of thousands."""
    marks = state.marks.setdefault(what, [])
    marks.append(Mark(at, key, id, value))
    if len(marks) > 2 * MOST_MARKS:
        del marks[:-MOST_MARKS]


def done_by(state: State, at: float, agent: UUID) -> Done:
    if at > state.latest:
        _forget(state, at)
    if quarter_of(at) <= quarter_of(state.latest) - KEEP_QUARTERS:
        return Done()
    return state.done.setdefault(quarter_of(at), {}).setdefault(agent, Done())


def _forget(state: State, at: float) -> None:
    """Time goes on: what is older than yesterday goes, a quarter of an hour at a time."""
    before, state.latest = quarter_of(state.latest), at
    if quarter_of(at) == before:
        return
    oldest = quarter_of(at) - KEEP_QUARTERS
    for past in [quarter for quarter in state.quarters if quarter <= oldest]:
        del state.quarters[past]
    for past in [quarter for quarter in state.done if quarter <= oldest]:
        del state.done[past]
    for rated in [id for id, rating in state.ratings.items() if rating.quarter <= oldest]:
        del state.ratings[rated]


def id_of(value: object) -> UUID | None:
    return value if isinstance(value, UUID) else UUID(value) if isinstance(value, str) and value else None
