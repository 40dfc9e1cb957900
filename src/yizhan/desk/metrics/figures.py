"""Numbers out of what was counted, as some pair of eyes may see them. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from yizhan.desk.metrics.documents import MonitorRules
from yizhan.desk.metrics.model import ALL, QUARTER, WAITS, Counts, Hour, Person, Presence, Scope, Seat, State, place_of

Figures: TypeAlias = dict[tuple[str, Scope], float]
Eyes: TypeAlias = Callable[[str], bool]
"""Whether what happened at a team (its id, or nothing) is told."""

_STATES = ("online", "busy", "break", "call", "wrapup", "offline")
_OFFLINE = Presence()
_COUNTS = {"queued": "queue_length", "served": "serving", "bot": "with_bot"}


def everybody(team: str) -> bool:
    return True


def figures(
    state: State, seats: Mapping[UUID, Seat], rules: MonitorRules, now: datetime, eyes: Eyes = everybody
) -> Figures:
    """A share or a mean that has nothing to divide by is left out."""
    told: Figures = defaultdict(float)
    for name in ("queue_length", "unanswered", "serving", "with_bot", "room", "sla_warned", "sla_breached",
                 "unassigned"):  # fmt: skip
        told[name, ALL] = 0.0
    _conversations(told, state, now.timestamp(), eyes)
    _targets(told, state, eyes)
    _nobodys(told, state, now.timestamp(), eyes)
    _agents(told, state, seats, eyes)
    midnight = midnight_of(now, rules.tz)
    for suffix, since in (("", midnight), ("_1h", now - timedelta(hours=1))):
        for scope, counts in _summed(state, since, eyes).items():
            _flows(told, suffix, scope, counts, rules)
    return dict(told)


def yesterday(state: State, rules: MonitorRules, now: datetime, eyes: Eyes = everybody) -> Figures:
    """What is counted by the day, as it was at this time of yesterday."""
    told: Figures = {}
    midnight = midnight_of(now - timedelta(days=1), rules.tz)
    for scope, counts in _summed(state, midnight, eyes, now - timedelta(days=1)).items():
        _flows(told, "", scope, counts, rules)
    return told


def people(
    state: State, seats: Mapping[UUID, Seat], rules: MonitorRules, now: datetime, eyes: Eyes = everybody
) -> list[Person]:
    first = quarter_of(midnight_of(now, rules.tz))
    ended: dict[UUID, int] = defaultdict(int)
    solved: dict[UUID, int] = defaultdict(int)
    for quarter, done in state.done.items():
        if quarter >= first:
            for agent, each in done.items():
                ended[agent] += each.ended
                solved[agent] += each.solved
    return [
        Person(
            id, seat.name, seat.teams, known.state, _instant(known.since), known.lost, state.loads.get(id, 0),
            seat.live_cap, ended[id], solved[id],
        )
        for id, seat in seats.items() if _seen(seat, eyes)
        for known in (state.presences.get(id, _OFFLINE),)
    ]  # fmt: skip


def hours(
    state: State, rules: MonitorRules, now: datetime, eyes: Eyes = everybody, within: Scope = ALL
) -> list[Hour]:  # fmt: skip
    """The last twenty-four, by the house's clock."""
    told: list[Hour] = []
    this = now.astimezone(ZoneInfo(rules.tz)).replace(minute=0, second=0, microsecond=0)
    start = this - timedelta(hours=23)
    while start <= this:
        end = start + timedelta(hours=1)
        channels: dict[str, int] = defaultdict(int)
        whole = Counts()
        for quarter in range(quarter_of(start), quarter_of(end)):
            for key, counts in state.quarters.get(quarter, {}).items():
                place = place_of(key)
                if eyes(place.team) and within in place.scopes:
                    whole.add(counts)
                    channels[place.channel] += counts.entered + counts.written
        seen = {channel: count for channel, count in channels.items() if channel and count}
        told.append(Hour(start, whole.entered, whole.picked, whole.abandoned, seen))
        start = end
    return told


def channels(
    state: State, rules: MonitorRules, now: datetime, eyes: Eyes = everybody, within: Scope = ALL
) -> dict[str, Counts]:  # fmt: skip
    """What came in since midnight, by channel."""
    first, told = quarter_of(midnight_of(now, rules.tz)), dict[str, Counts]()
    for quarter, places in state.quarters.items():
        for key, counts in places.items() if quarter >= first else ():
            place = place_of(key)
            if place.channel and eyes(place.team) and within in place.scopes:
                told.setdefault(place.channel, Counts()).add(counts)
    return told


def midnight_of(now: datetime, tz: str) -> datetime:
    local = now.astimezone(ZoneInfo(tz))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def _conversations(told: Figures, state: State, now: float, eyes: Eyes) -> None:
    """Summed by place first: thousands of conversations are at a few places."""
    sums: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0, now, 0, now])
    for spell in state.spells.values():
        if not spell.live:
            continue
        sum_ = sums[spell.key, spell.phase]
        sum_[0] += 1
        if spell.queued is not None and spell.queued < sum_[1]:
            sum_[1] = spell.queued
        if spell.waiting is not None and not spell.asleep:
            sum_[2] += 1
            if spell.waiting < sum_[3]:
                sum_[3] = spell.waiting
    for (key, phase), (count, queued, unanswered, waiting) in sums.items():
        place = place_of(key)
        for scope in place.scopes if eyes(place.team) else ():
            told[_COUNTS[phase], scope] += count
            if phase == "queued":
                told["queue_longest", scope] = max(told["queue_longest", scope], now - queued)
            elif phase == "served" and unanswered:
                told["unanswered", scope] += unanswered
                told["unanswered_longest", scope] = max(told["unanswered_longest", scope], now - waiting)


def _targets(told: Figures, state: State, eyes: Eyes) -> None:
    """Tickets, as the list behind shows them: one with several promises late is one."""
    for late in state.late.values():
        for what in set(late.marks.values()) if eyes(late.team) else ():
            for scope in (ALL, *((Scope("team", late.team),) if late.team else ())):
                told[f"sla_{what}", scope] += 1


def _nobodys(told: Figures, state: State, now: float, eyes: Eyes) -> None:
    """Summed by team first: thousands of tickets wait for a few teams."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0, now])
    for each in state.unassigned.values():
        sum_ = sums[each.team]
        sum_[0] += 1
        if each.since < sum_[1]:
            sum_[1] = each.since
    for team, (count, since) in sums.items():
        for scope in (ALL, *((Scope("team", team),) if team else ())) if eyes(team) else ():
            told["unassigned", scope] += count
            told["unassigned_longest", scope] = max(told["unassigned_longest", scope], now - since)


def _agents(told: Figures, state: State, seats: Mapping[UUID, Seat], eyes: Eyes) -> None:
    for name in _STATES:
        told[f"agents_{name}", ALL] = 0.0
    for id, seat in seats.items():
        if not _seen(seat, eyes):
            continue
        known = state.presences.get(id, _OFFLINE)
        scopes = (ALL, *(Scope("team", team) for team in seat.teams))
        gone = known.state == "online" and known.lost  # 在线 at a screen that is dark
        for scope in scopes:
            told["agents_offline" if gone else f"agents_{known.state}", scope] += 1
            if known.state == "online" and not gone:
                told["room", scope] += max(0, seat.live_cap - state.loads.get(id, 0))


def _summed(state: State, since: datetime, eyes: Eyes, until: datetime | None = None) -> dict[Scope, Counts]:
    """Whole quarters of an hour: of those in which `since` and `until` lie, all."""
    first, last = quarter_of(since), quarter_of(until) if until is not None else None
    sums: dict[Scope, Counts] = defaultdict(Counts)
    sums[ALL] = Counts()
    for quarter, places in state.quarters.items():
        if quarter < first or (last is not None and quarter > last):
            continue
        for key, counts in places.items():
            place = place_of(key)
            if eyes(place.team):
                for scope in place.scopes:
                    sums[scope].add(counts)
    return sums


def _flows(told: Figures, suffix: str, scope: Scope, c: Counts, rules: MonitorRules) -> None:
    for name in (
        "entered", "written", "received", "handed", "self_served", "asked", "picked", "replied", "abandoned",
        "missed", "ended", "rated",
        "delivery_failures", "sla_breaches",
    ):  # fmt: skip
        told[name + suffix, scope] = getattr(c, name)
    alone = scope.kind in ("channel", "inbox")  # elsewhere letters of days would drown chats of seconds
    shares = {
        "handed_rate": (c.handed, c.received),
        "answer_rate": (c.replied, c.replied + c.unreplied),
        "abandon_rate": (c.abandoned, c.picked + c.abandoned),
        "miss_rate": (c.missed, c.given),
        "service_level": (in_time(c, rules.answer_s), c.picked),
        "handover_wait": (c.waited_s, c.picked),
        "first_response": (c.replied_s + alone * c.letters_s, c.replied + alone * c.letters),
        "csat": (c.stars, c.starred),
        "solved_rate": (c.solved, c.judged),
    }
    for name, (part, whole) in shares.items():
        if whole > 0:
            told[name + suffix, scope] = part / whole


def in_time(counts: Counts, within: int) -> int:
    """How many were picked up within so many seconds, one of the bounds that are counted by."""
    return sum(count for count, bound in zip(counts.waits, WAITS, strict=False) if bound <= within)


def _seen(seat: Seat, eyes: Eyes) -> bool:
    """Who is in no team is seen by those who see everybody."""
    return any(eyes(team) for team in seat.teams or ("nobody's",))


def quarter_of(at: datetime) -> int:
    return int(at.timestamp() // QUARTER)


def _instant(at: float) -> datetime | None:
    return datetime.fromtimestamp(at, tz=ZoneInfo("UTC")) if at else None
