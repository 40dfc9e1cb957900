"""The fold: one entry of the journal after the other, each in a moment. Pure but for the state it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from yizhan.desk.metrics.model import (
    QUARTER,
    WAITS,
    Counts,
    Done,
    Mark,
    Presence,
    Rated,
    Spell,
    State,
    Unassigned,
    key_of,
    place_of,
)
from yizhan.foundation.ids import id_time
from yizhan.foundation.journal import Entry

KEEP_QUARTERS = 2 * 96
"""Today and yesterday, whatever the zone."""

MOST_MARKS = 500

_ASKS_NOTHING = frozenset({"aside", "confirm"})
_LEFT = frozenset({"abandoned", "customer", "timeout"})


def apply(state: State, entries: Sequence[Entry]) -> None:
    """Entries follow on from `state.pos`; kinds nobody counts may be left out."""
    for entry in entries:
        act = _ACTS.get(entry.kind)
        if act is not None:
            act(state, entry)
    if entries:
        state.pos = entries[-1].pos


def _started(state: State, e: Entry) -> None:
    at, phase, live = e.at.timestamp(), str(e.data["phase"]), bool(e.data["live"])
    channel, inbox = str(e.data["channel"]), str(e.data["inbox"])
    key = key_of(e.team_id, channel, inbox)
    state.channels[inbox] = channel
    spell = state.spells[e.subject] = Spell(key, phase, live, agent=e.agent_id)
    counts = _counts(state, at, key)
    if not live:
        counts.written += 1
        return
    counts.entered += 1
    if phase == "queued":
        _asks(state, spell, at)
    elif phase == "served":
        _asks(state, spell, at)
        _picked_up(state, spell, at, e.subject)


def _received(state: State, e: Entry) -> None:
    spell = state.spells.get(e.subject)
    if spell is None or e.data.get("automatic") or e.data.get("effect") in _ASKS_NOTHING:
        return
    at = e.at.timestamp()
    if spell.waiting is None:
        spell.waiting = at
    if spell.first is None and spell.phase != "bot":
        spell.first = at


def _sent(state: State, e: Entry) -> None:
    spell = state.spells.get(e.subject)
    if spell is None or not e.data.get("human"):
        return
    spell.waiting = None
    if spell.replied:
        return
    spell.replied = True
    at = e.at.timestamp()
    counts, took = _counts(state, at, spell.key), max(0.0, at - (spell.first or at))
    if spell.live:
        counts.replied += 1
        counts.replied_s += took
        return
    counts.letters += 1
    counts.letters_s += took
    del state.spells[e.subject]  # of a letter nothing more is counted here: its promises are the SLA's


def _assigned(state: State, e: Entry) -> None:
    spell = _placed(state, e)
    if spell is None or not spell.live:
        return
    at = e.at.timestamp()
    if spell.queued is None:
        _asks(state, spell, at)
    spell.phase, spell.agent, spell.asleep = "served", _id(e.data.get("to")), False
    _picked_up(state, spell, at, e.subject)


def _requeued(state: State, e: Entry) -> None:
    spell = _placed(state, e)
    if spell is None or not spell.live:
        return
    at = e.at.timestamp()
    if e.data.get("reason") == "missed":
        _counts(state, at, spell.key).missed += 1
        _mark(state, "missed", at, spell.key, e.subject)
    if spell.queued is None:
        _asks(state, spell, at)
    spell.phase, spell.agent, spell.asleep = "queued", None, False
    if spell.first is None:
        spell.first = at


def _received_by_assistant(state: State, e: Entry) -> None:
    """It was counted as somebody who asked for a person the moment he came in: he did not."""
    spell = state.spells.get(e.subject)
    if spell is None or not spell.live:
        return
    at = e.at.timestamp()
    counts = _counts(state, at, spell.key)
    counts.received += 1
    if spell.queued is not None:
        _counts(state, spell.queued, spell.key).asked -= 1
    spell.phase, spell.queued, spell.first, spell.waiting = "bot", None, None, None


def _with_assistant(state: State, e: Entry) -> None:
    spell = state.spells.get(e.subject)
    key = spell.key if spell is not None else key_of(e.team_id, "", None)
    counts = _counts(state, e.at.timestamp(), key)
    if e.kind == "reception.solved":
        counts.self_served += 1
    else:
        counts.handed += 1


def _slept(state: State, e: Entry) -> None:
    spell = state.spells.get(e.subject)
    if spell is not None:
        spell.asleep = e.kind == "conversation.slept"


def _ended(state: State, e: Entry) -> None:
    spell = state.spells.pop(e.subject, None)
    if spell is None or not spell.live:
        return
    at = e.at.timestamp()
    counts = _counts(state, at, spell.key)
    counts.ended += 1
    if spell.phase == "queued" and e.data.get("reason") in _LEFT:
        counts.abandoned += 1
        _mark(state, "abandoned", at, spell.key, e.subject)
    later = e.data.get("reason") == "message"  # 留言 is answered by its ticket: nobody was missed
    if spell.queued is not None and not spell.replied and not later:
        counts.unreplied += 1
        _mark(state, "unreplied", at, spell.key, e.subject)
    if spell.agent is not None:
        _done(state, at, spell.agent).ended += 1


def _rated(state: State, e: Entry) -> None:
    before = state.ratings.get(e.subject)
    at = e.at.timestamp()
    key = before.key if before else _key_by_inbox(state, e)
    rating = Rated(before.quarter if before else _quarter(at), key, e.data.get("stars"), e.data.get("solved"))
    for said, by in ((before, -1), (rating, 1)):
        if said is not None and (counts := _at(state, said.quarter, key)) is not None:
            counts.rated += by
            counts.starred += by * (said.stars is not None)
            counts.stars += by * (said.stars or 0)
            counts.judged += by * (said.solved is not None)
            counts.solved += by * (said.solved is True)
    state.ratings[e.subject] = rating


def _ready(state: State, e: Entry) -> None:
    _placed(state, e)
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


def _delivered(state: State, e: Entry) -> None:
    if e.data.get("delivery") != "failed":
        return
    spell = state.spells.get(e.conversation_id) if e.conversation_id else None
    key = spell.key if spell else _key_by_inbox(state, e)
    _counts(state, e.at.timestamp(), key).delivery_failures += 1
    if e.conversation_id is not None:
        _mark(state, "failed", e.at.timestamp(), key, e.conversation_id)


def _present(state: State, e: Entry) -> None:
    known = state.presences.get(e.subject)
    to = str(e.data["to"])
    since = known.since if known is not None and known.state == to else e.at.timestamp()
    state.presences[e.subject] = Presence(to, since, bool(e.data.get("lost")))


def _loaded(state: State, e: Entry) -> None:
    state.loads[e.subject] = int(e.data["live"])


def _moved(state: State, e: Entry) -> None:
    if e.data.get("to") == "new":
        _nobodys(state, e, e.at.timestamp())
    else:
        state.unassigned.pop(e.subject, None)
    if e.data.get("action") == "solve" and e.agent_id is not None:
        _done(state, e.at.timestamp(), e.agent_id).solved += 1


def _warned(state: State, e: Entry) -> None:
    state.warned[e.subject] = str(e.team_id or "")


def _breached(state: State, e: Entry) -> None:
    state.warned.pop(e.subject, None)
    state.breached[e.subject] = str(e.team_id or "")
    _counts(state, e.at.timestamp(), key_of(e.team_id, "", None)).sla_breaches += 1


def _over(state: State, e: Entry) -> None:
    state.warned.pop(e.subject, None)
    state.breached.pop(e.subject, None)


def _anew(state: State, e: Entry) -> None:
    """The demo begins again: what customers left is gone, and so is what was counted of it."""
    for kept in (
        state.spells, state.quarters, state.done, state.warned, state.breached, state.ratings, state.loads,
        state.marks, state.unassigned,
    ):  # fmt: skip
        kept.clear()


_ACTS: Mapping[str, Callable[[State, Entry], None]] = {
    "conversation.started": _started,
    "message.received": _received,
    "message.sent": _sent,
    "conversation.assigned": _assigned,
    "conversation.requeued": _requeued,
    "conversation.slept": _slept,
    "conversation.woke": _slept,
    "conversation.ended": _ended,
    "conversation.rated": _rated,
    "work.ready": _ready,
    "message.delivery": _delivered,
    "agent.presence": _present,
    "load.changed": _loaded,
    "ticket.created": _created,
    "ticket.assigned": _handed,
    "ticket.joined": _merged,
    "ticket.moved": _moved,
    "sla.warned": _warned,
    "sla.breached": _breached,
    "sla.met": _over,
    "sla.cancelled": _over,
    "reception.began": _received_by_assistant,
    "reception.handed": _with_assistant,
    "reception.solved": _with_assistant,
    "demo.reset": _anew,
}
KINDS = frozenset(_ACTS)


def _placed(state: State, e: Entry) -> Spell | None:
    """The conversation, now with the team its event names."""
    spell = state.spells.get(e.subject)
    if spell is not None and e.team_id is not None:
        place = place_of(spell.key)
        spell.key = key_of(e.team_id, place.channel, place.inbox)
    return spell


def _key_by_inbox(state: State, e: Entry) -> str:
    """Of a conversation that is no longer remembered."""
    inbox = str(e.data.get("inbox") or "")
    return key_of(e.team_id, state.channels.get(inbox, ""), inbox)


def _asks(state: State, spell: Spell, at: float) -> None:
    spell.queued = at
    _counts(state, at, spell.key).asked += 1


def _picked_up(state: State, spell: Spell, at: float, id: UUID) -> None:
    counts = _counts(state, at, spell.key)
    counts.given += 1
    if spell.picked or spell.queued is None:
        return
    spell.picked = True
    waited = max(0.0, at - spell.queued)
    counts.picked += 1
    counts.waited_s += waited
    if waited > WAITS[0]:
        _mark(state, "waited", at, spell.key, id)
    counts.waits[next((n for n, bound in enumerate(WAITS) if waited <= bound), len(WAITS))] += 1


def _quarter(at: float) -> int:
    return int(at // QUARTER)


def _counts(state: State, at: float, key: str) -> Counts:
    """Of a moment too long ago: counted for nobody."""
    if at > state.latest:
        _forget(state, at)
    found = _at(state, _quarter(at), key)
    return Counts() if found is None else found


def _at(state: State, quarter: int, key: str) -> Counts | None:
    if quarter <= _quarter(state.latest) - KEEP_QUARTERS:
        return None
    places = state.quarters.setdefault(quarter, {})
    found = places.get(key)
    if found is None:
        found = places[key] = Counts()
    return found


def _mark(state: State, what: str, at: float, key: str, id: UUID) -> None:
    """The newest are remembered: nobody reads a list of thousands."""
    marks = state.marks.setdefault(what, [])
    marks.append(Mark(at, key, id))
    if len(marks) > 2 * MOST_MARKS:
        del marks[:-MOST_MARKS]


def _done(state: State, at: float, agent: UUID) -> Done:
    if at > state.latest:
        _forget(state, at)
    if _quarter(at) <= _quarter(state.latest) - KEEP_QUARTERS:
        return Done()
    return state.done.setdefault(_quarter(at), {}).setdefault(agent, Done())


def _forget(state: State, at: float) -> None:
    """Time goes on: what is older than yesterday goes, a quarter of an hour at a time."""
    before, state.latest = _quarter(state.latest), at
    if _quarter(at) == before:
        return
    oldest = _quarter(at) - KEEP_QUARTERS
    for past in [quarter for quarter in state.quarters if quarter <= oldest]:
        del state.quarters[past]
    for past in [quarter for quarter in state.done if quarter <= oldest]:
        del state.done[past]
    for rated in [id for id, rating in state.ratings.items() if rating.quarter <= oldest]:
        del state.ratings[rated]


def _id(value: object) -> UUID | None:
    return value if isinstance(value, UUID) else UUID(value) if isinstance(value, str) and value else None
