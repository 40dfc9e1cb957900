"""Conversations: who comes, waits, is picked up, answered, left and asked how it was."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from yizhan.desk.metrics.model import WAITS, Rated, Spell, State, key_of
from yizhan.desk.metrics.tally.ledger import Act, counts_at, counts_in, done_by, id_of, mark, placed, quarter_of
from yizhan.foundation.journal import Entry

_ASKS_NOTHING = frozenset({"aside", "confirm"})
_LEFT = frozenset({"abandoned", "customer", "timeout"})


def _started(state: State, e: Entry) -> None:
    at, phase, live = e.at.timestamp(), str(e.data["phase"]), bool(e.data["live"])
    channel, inbox = str(e.data["channel"]), str(e.data["inbox"])
    key = key_of(e.team_id, channel, inbox)
    state.channels[inbox] = channel
    spell = state.spells[e.subject] = Spell(key, phase, live, agent=e.agent_id)
    counts = counts_at(state, at, key)
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
    counts, took = counts_at(state, at, spell.key), max(0.0, at - max(spell.first or at, spell.picked or 0.0))
    mark(state, "replied" if spell.live else "letters", at, spell.key, e.subject, took)
    if spell.live:
        counts.replied += 1
        counts.replied_s += took
        return
    counts.letters += 1
    counts.letters_s += took
    del state.spells[e.subject]  # of a letter nothing more is counted here: its promises are the SLA's


def _assigned(state: State, e: Entry) -> None:
    spell = placed(state, e)
    if spell is None or not spell.live:
        return
    at = e.at.timestamp()
    if spell.queued is None:
        _asks(state, spell, at)
    spell.phase, spell.agent, spell.asleep = "served", id_of(e.data.get("to")), False
    _picked_up(state, spell, at, e.subject)


def _requeued(state: State, e: Entry) -> None:
    spell = placed(state, e)
    if spell is None or not spell.live:
        return
    at = e.at.timestamp()
    if e.data.get("reason") == "missed":
        counts_at(state, at, spell.key).missed += 1
        mark(state, "missed", at, spell.key, e.subject)
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
    counts = counts_at(state, at, spell.key)
    counts.received += 1
    mark(state, "received", at, spell.key, e.subject)
    if spell.queued is not None:
        counts_at(state, spell.queued, spell.key).asked -= 1
    spell.phase, spell.queued, spell.first, spell.waiting = "bot", None, None, None


def _with_assistant(state: State, e: Entry) -> None:
    spell = state.spells.get(e.subject)
    key = spell.key if spell is not None else key_of(e.team_id, "", None)
    counts = counts_at(state, e.at.timestamp(), key)
    solved = e.kind == "reception.solved"
    mark(state, "self_served" if solved else "handed", e.at.timestamp(), key, e.subject)
    if solved:
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
    counts = counts_at(state, at, spell.key)
    counts.ended += 1
    if spell.phase == "queued" and e.data.get("reason") in _LEFT:
        counts.abandoned += 1
        mark(state, "abandoned", at, spell.key, e.subject)
    later = e.data.get("reason") == "message"  # 留言 is answered by its ticket: nobody was missed
    if spell.queued is not None and not spell.replied and not later:
        counts.unreplied += 1
        mark(state, "unreplied", at, spell.key, e.subject)
    if spell.agent is not None:
        done_by(state, at, spell.agent).ended += 1


def _rated(state: State, e: Entry) -> None:
    before = state.ratings.get(e.subject)
    at = e.at.timestamp()
    key = before.key if before else _key_by_inbox(state, e)
    rating = Rated(before.quarter if before else quarter_of(at), key, e.data.get("stars"), e.data.get("solved"))
    for said, by in ((before, -1), (rating, 1)):
        if said is not None and (counts := counts_in(state, said.quarter, key)) is not None:
            counts.rated += by
            counts.starred += by * (said.stars is not None)
            counts.stars += by * (said.stars or 0)
            counts.judged += by * (said.solved is not None)
            counts.solved += by * (said.solved is True)
    state.ratings[e.subject] = rating


def _delivered(state: State, e: Entry) -> None:
    if e.data.get("delivery") != "failed":
        return
    spell = state.spells.get(e.conversation_id) if e.conversation_id else None
    key = spell.key if spell else _key_by_inbox(state, e)
    counts_at(state, e.at.timestamp(), key).delivery_failures += 1
    if e.conversation_id is not None:
        mark(state, "failed", e.at.timestamp(), key, e.conversation_id)


def _key_by_inbox(state: State, e: Entry) -> str:
    """Of a conversation that is no longer remembered."""
    inbox = str(e.data.get("inbox") or "")
    return key_of(e.team_id, state.channels.get(inbox, ""), inbox)


def _asks(state: State, spell: Spell, at: float) -> None:
    spell.queued = at
    counts_at(state, at, spell.key).asked += 1


def _picked_up(state: State, spell: Spell, at: float, id: UUID) -> None:
    counts = counts_at(state, at, spell.key)
    counts.given += 1
    if spell.picked is not None or spell.queued is None:
        return
    spell.picked = at
    waited = max(0.0, at - spell.queued)
    counts.picked += 1
    counts.waited_s += waited
    mark(state, "waited", at, spell.key, id, waited)
    counts.waits[next((n for n, bound in enumerate(WAITS) if waited <= bound), len(WAITS))] += 1


CHATS: Mapping[str, Act] = {
    "conversation.started": _started,
    "message.received": _received,
    "message.sent": _sent,
    "conversation.assigned": _assigned,
    "conversation.requeued": _requeued,
    "conversation.slept": _slept,
    "conversation.woke": _slept,
    "conversation.ended": _ended,
    "conversation.rated": _rated,
    "message.delivery": _delivered,
    "reception.began": _received_by_assistant,
    "reception.handed": _with_assistant,
    "reception.solved": _with_assistant,
}
