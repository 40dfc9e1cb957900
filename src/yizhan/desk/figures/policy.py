"""From entries of the journal to what they change in agents' hands. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from statistics import median
from uuid import UUID
from zoneinfo import ZoneInfo

from yizhan.desk.figures.model import Change, Middle, StateDay
from yizhan.foundation.journal import Entry
from yizhan.records.agents import Spell

KINDS = frozenset({
    "conversation.assigned", "conversation.ended", "conversation.rated", "conversation.requeued",
    "conversation.surveyed", "message.sent", "rating.decided",
})  # fmt: skip
FEWEST = 5
"""Of fewer colleagues a median would say who they are."""
_SHARES = {
    "first": ("first_reply_s", "first_replies"),
    "response": ("waited_s", "turns"),
    "length": ("length_s", "ended"),
    "solved": ("solved", "judged"),
    "csat": ("stars", "starred"),
    "handed_on": ("handed_on", "served"),
    "repeated": ("repeated", "ended"),
}
_HANDED = frozenset({"transfer", "assigned", "put_back"})
_Of = Callable[[UUID, UUID], Change]
Returned = tuple[UUID, UUID, datetime]
"""A ticket, the conversation in which its customer came back with it, and when."""


def fold(entries: Sequence[Entry]) -> tuple[list[Change], list[Returned]]:
    changes: dict[tuple[UUID, UUID], Change] = {}
    returned: list[Returned] = []

    def of(conversation: UUID, agent: UUID) -> Change:
        return changes.setdefault((conversation, agent), Change(conversation, agent))

    for e in entries:
        c = e.conversation_id
        if c is None:
            continue
        if e.kind == "conversation.assigned":
            _assigned(of, c, e)
            if e.ticket_id is not None:
                returned.append((e.ticket_id, c, e.at))
        elif e.kind == "conversation.requeued" and (giver := _id(e.data.get("from"))):
            change = of(c, giver)
            change.left_at = e.at
            change.handed_on |= e.data.get("reason") in _HANDED
        elif e.kind == "message.sent":
            _sent(of, c, e)
        elif e.kind == "conversation.ended" and e.agent_id:
            change = of(c, e.agent_id)
            change.left_at, change.ended, change.ticket_id = e.at, True, e.ticket_id
        elif e.kind == "conversation.surveyed" and e.agent_id:
            of(c, e.agent_id).asked = True
        elif e.kind == "conversation.rated" and (rated := _id(e.data.get("agent"))):
            change = of(c, rated)
            change.rated, change.solved, change.stars = True, e.data.get("solved"), e.data.get("stars")
        elif e.kind == "rating.decided" and e.agent_id:
            of(c, e.agent_id).excluded = bool(e.data.get("accepted"))
    return list(changes.values()), returned


def middle(colleagues: Sequence[Mapping[str, int]]) -> Middle:
    """What is usual in his teams, himself left out: something to compare with that ranks nobody."""
    of = {"served": [float(each["served"]) for each in colleagues]}
    for name, (above, below) in _SHARES.items():
        of[name] = [each[above] / each[below] for each in colleagues if each[below] > 0]
    return Middle(len(colleagues), {name: median(each) for name, each in of.items() if len(each) >= FEWEST})


def by_day(spells: Sequence[Spell], zone: ZoneInfo) -> list[StateDay]:
    """A spell over midnight belongs to both days."""
    found: dict[date, dict[str, int]] = {}
    for spell in spells:
        at, end = spell.starts_at.astimezone(zone), spell.ends_at.astimezone(zone)
        while at < end:
            midnight = datetime.combine(at.date() + timedelta(days=1), time(), zone)
            states = found.setdefault(at.date(), {})
            states[spell.state] = states.get(spell.state, 0) + _seconds(at, min(midnight, end))
            at = midnight
    return [StateDay(day, found[day]) for day in sorted(found)]


def _seconds(at: datetime, until: datetime) -> int:
    """Of real time: on two days of the year some zones have another hour."""
    return round(until.timestamp() - at.timestamp())


def _assigned(of: _Of, c: UUID, e: Entry) -> None:
    taker, giver = _id(e.data.get("to")) or e.agent_id, _id(e.data.get("from"))
    if giver is not None and giver != taker:
        before = of(c, giver)
        before.left_at, before.handed_on = e.at, True
    if taker is not None:
        change = of(c, taker)
        change.given_at, change.left_at = change.given_at or e.at, None


def _sent(of: _Of, c: UUID, e: Entry) -> None:
    author = _id(e.actor.removeprefix("agent:")) if e.actor.startswith("agent:") else None
    if author is None or not e.data.get("human"):
        return
    change = of(c, author)
    change.replies += 1
    waited = e.data.get("waited_s")
    if isinstance(waited, int):
        change.turns += 1
        change.waited_s += waited
        change.waits.append((e.at - timedelta(seconds=waited), e.at))
        change.first_s = waited if change.first_s is None else change.first_s


def _id(value: object) -> UUID | None:
    try:
        return UUID(str(value)) if value else None
    except ValueError:
        return None
