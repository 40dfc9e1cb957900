"""A day that was, out of the journal: who came when, what it took, who left, who was there. Pure, numbers and keys.

What the journal does not say is counted in `unknown` and told beside every result:
`calls` are not in it; `handling` were never served or are not over, so they get the median; `rostered` and `worked` are
people whose presence was not kept, so they are there as the roster says, or as long as they were seen at work; `gone`
are people who served then and are no longer with us; `bot` are conversations that only the bot had.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median_low
from uuid import UUID

import msgspec

from yizhan.desk.routing import Seat, WorkKind
from yizhan.desk.simulation import leftover
from yizhan.desk.simulation.attendance import AROUND, Handled, Span, people_of
from yizhan.desk.simulation.day import Arrival, Day, Turn, due_s
from yizhan.foundation.ids import id_time
from yizhan.foundation.journal import Entry
from yizhan.records.rosters import OnDuty

KINDS = (
    "conversation.started", "conversation.assigned", "conversation.requeued", "conversation.slept", "conversation.woke",
    "conversation.ended", "message.received", "message.sent", "ticket.created", "ticket.assigned", "ticket.moved",
    "work.ready",
)  # fmt: skip
_OVER = frozenset({"pending", "done", "cancelled"})
_USUAL_S = 360
_LEAST_S = 1
_NOWHERE: Mapping[UUID, str] = {}


class Work(msgspec.Struct, frozen=True):
    """A row of what came in: a live conversation, or a ticket that was not spoken of in one."""

    id: UUID
    kind: WorkKind
    ticket_id: UUID | None
    contact_id: UUID
    inbox_id: UUID | None
    team_id: UUID | None
    channel: str
    level: int | None
    skills: tuple[UUID, ...]
    safety: bool
    found: int | None  # how urgent before rules of priority looked at it, where they changed it
    facts: Mapping[str, object] = {}


def arrivals_of(works: Iterable[Work], entries: Iterable[Entry], unknown: Counter[str]) -> list[Handled]:
    """Of one page; entries in any order, all that concern these works."""
    of: dict[UUID, list[Entry]] = {}
    for entry in sorted(entries, key=lambda e: (e.at, e.pos)):
        for id in {entry.conversation_id, entry.ticket_id}:
            if id is not None:
                of.setdefault(id, []).append(entry)
    found: list[Handled] = []
    for work in works:
        told = of.get(work.id, [])
        about = of.get(work.ticket_id, []) if work.ticket_id is not None else []
        made = _letter(work, told) if work.kind is WorkKind.TICKET else _chat(work, told, about)
        if made is None:
            unknown["bot" if work.kind is WorkKind.CONVERSATION else "made"] += 1
        else:
            found.append(made)
    return found


def _chat(work: Work, told: Sequence[Entry], about: Sequence[Entry]) -> Handled | None:
    """None where nobody was asked for: the bot had it alone."""
    started = next((e for e in told if e.kind == "conversation.started"), None)
    phase = str(started.data["phase"]) if started is not None else "queued"
    at = started.at if started is not None else id_time(work.id)
    handed = [e for e in told if e.kind in ("conversation.assigned", "conversation.requeued")]
    if phase == "bot":
        if not handed:
            return None
        at = handed[0].at - timedelta(seconds=_number(handed[0].data.get("waited")) or 0)
    spells = _spells(told, started if phase == "served" else None)
    ended = next((e for e in told if e.kind == "conversation.ended"), None)
    over = ended is not None or not _still_had(told, served=phase == "served")
    patience = _seconds(ended.at - at) if ended is not None and not spells else None
    return _handled(work, at, spells, told, about, over=over and bool(spells), patience=patience)


def _spells(told: Sequence[Entry], served: Entry | None) -> list[tuple[UUID, datetime, datetime]]:
    """Who had it awake from when to when; asleep it takes nobody's place."""
    spells: list[tuple[UUID, datetime, datetime]] = []
    agent, since = (served.agent_id, served.at) if served is not None else (None, None)
    last = agent
    for e in told:
        if e.kind not in _TURNS:
            continue
        if agent is not None and since is not None:
            spells.append((agent, since, e.at))
            agent = None
        if e.kind == "conversation.assigned":
            agent, since = _id(e.data.get("to")) or e.agent_id, e.at
            last = agent
        elif e.kind == "conversation.woke":
            agent, since = last, e.at
    if agent is not None and since is not None:
        spells.append((agent, since, told[-1].at))
    return spells


_TURNS = frozenset({
    "conversation.assigned", "conversation.requeued", "conversation.slept", "conversation.woke", "conversation.ended",
})  # fmt: skip


def _still_had(told: Sequence[Entry], *, served: bool) -> bool:
    """`served` from its start on."""
    last = next((e.kind for e in reversed(told) if e.kind in _TURNS), None)
    return last in ("conversation.assigned", "conversation.woke") or (served and last is None)


def _letter(work: Work, told: Sequence[Entry]) -> Handled | None:
    """None for what somebody made for himself. It weighs until it is answered or over."""
    created = next((e for e in told if e.kind == "ticket.created"), None)
    if created is not None and created.agent_id is not None:
        return None
    at = created.at if created is not None else id_time(work.id)
    given = next((e for e in told if e.kind in ("ticket.assigned", "conversation.assigned") and _taker(e)), None)
    if given is None:
        return _handled(work, at, [], told, told, over=False, patience=None)
    done = next((e for e in told if e.at >= given.at and (_answers(e) or _closes(e))), None)
    spell = (_taker(given) or given.subject, given.at, (done or told[-1]).at)
    return _handled(work, at, [spell], told, told, over=done is not None, patience=None)


def _handled(
    work: Work, at: datetime, spells: Sequence[tuple[UUID, datetime, datetime]], told: Sequence[Entry],
    about: Sequence[Entry], *, over: bool, patience: int | None,
) -> Handled:  # fmt: skip
    had = spells[0][1] if spells else None
    answered = next((e for e in told if had and e.at >= had and _answers(e)), None)
    if answered is not None:
        had = max(begin for _, begin, _ in spells if begin <= answered.at)
    missed = {e.at for e in told if e.kind == "conversation.requeued" and e.data.get("reason") == "missed"}
    held = [(begin, end) for _, begin, end in spells if end not in missed]
    solved = next((e for e in about if had and e.at >= had and _closes(e)), None)
    ready = next((e for e in about if e.kind == "work.ready" and e.data.get("work") == "ticket"), None)
    team = next((e.team_id for e in told if e.team_id is not None), work.team_id)
    priority = int(ready.data["priority"]) if ready is not None else _number(work.facts.get("priority")) or 2
    serve_s = max(_LEAST_S, sum(_seconds(end - begin) for begin, end in held))
    arrival = Arrival(
        at, priority, team, frozenset(work.skills), serve_s, due_s(priority), kind=work.kind, channel=work.channel,
        inbox_id=work.inbox_id, level=work.level, type=str(work.facts.get("type") or ""), contact_id=work.contact_id,
        ticket_id=work.ticket_id, reply_s=_seconds(answered.at - had) if answered and had else None,
        resolve_s=_seconds(solved.at - had) if solved and had else None, patience_s=patience,
        found=work.found or priority, facts={**work.facts, "safety": work.safety},
        misses=len(spells) - len(held), turns=tuple(_turns(told, had, answered)) if had and answered else (),
    )  # fmt: skip
    return Handled(arrival, over, tuple(spells))


def _turns(told: Sequence[Entry], had: datetime, answered: Entry) -> Iterator[Turn]:
    """What was said after the first answer: several messages in a row are one turn, answered by the next of ours."""
    asked: datetime | None = None
    for e in told:
        if e.at < answered.at or e is answered:
            continue
        if e.kind == "message.received" and asked is None and _asks(e):
            asked = e.at
        elif _answers(e) and asked is not None:
            yield _seconds(asked - had), _seconds(e.at - asked)
            asked = None
    if asked is not None and not any(e.at >= asked and (_closes(e) or e.kind == "conversation.ended") for e in told):
        yield _seconds(asked - had), None


def _asks(e: Entry) -> bool:
    return not e.data.get("automatic") and e.data.get("effect") not in ("aside", "confirm")


def day_of(
    start: datetime, end: datetime, handled: Sequence[Handled], seats: Sequence[Seat],
    presence: Mapping[UUID, Sequence[Span]], shifts: Sequence[OnDuty], unknown: Counter[str],
    skills: Mapping[UUID, str] = _NOWHERE,
) -> Day:  # fmt: skip
    """What was asked for within the day, by whoever was there; what began before it and was not over lies there."""
    inside = sorted((h for h in handled if start <= h.arrival.at < end), key=lambda h: h.arrival.at)
    usual = _usual(inside)
    unknown["handling"] += sum(not h.known for h in inside)
    seen: set[UUID] = set()
    arrivals = []
    for each in inside:
        a = each.arrival
        fresh = a.ticket_id is not None and a.ticket_id not in seen and id_time(a.ticket_id) >= start - AROUND
        if a.ticket_id is not None:
            seen.add(a.ticket_id)
        serve_s = a.serve_s if each.known else usual.get((a.kind, a.channel), _USUAL_S)
        arrivals.append(msgspec.structs.replace(a, serve_s=serve_s, promised=fresh))
    before = (h for h in handled if h.arrival.at < start)
    carried = [left for h in before if (left := leftover.of(h, start, usual, _USUAL_S)) is not None]
    arrivals = [*sorted(carried, key=lambda each: each.at), *arrivals]
    people = people_of(start, end, inside, seats, presence, shifts, unknown)
    counted = {what: count for what, count in sorted(unknown.items()) if count}
    return Day(start, arrivals, people, skills, counted, shifts)


def _usual(handled: Sequence[Handled]) -> dict[tuple[WorkKind, str], int]:
    times: dict[tuple[WorkKind, str], list[int]] = {}
    for each in handled:
        if each.known:
            times.setdefault((each.arrival.kind, each.arrival.channel), []).append(each.arrival.serve_s)
    return {key: median_low(found) for key, found in times.items()}


def _answers(e: Entry) -> bool:
    return e.kind == "message.sent" and bool(e.data.get("human"))


def _closes(e: Entry) -> bool:
    return e.kind == "ticket.moved" and e.data.get("to") in _OVER


def _taker(e: Entry) -> UUID | None:
    return _id(e.data.get("to")) or e.agent_id


def _seconds(span: timedelta) -> int:
    return max(0, round(span.total_seconds()))


def _number(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) else None


def _id(value: object) -> UUID | None:
    return value if isinstance(value, UUID) else UUID(value) if isinstance(value, str) and value else None
