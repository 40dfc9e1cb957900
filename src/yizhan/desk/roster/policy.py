"""Who is on duty, who is about to leave, who may take a break, who is called next. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from yizhan.desk.roster.rules import RosterBook
from yizhan.records.rosters import Duty, OnDuty, Person, ShiftKind

LONGEST_LOOK_BACK_S = 4 * 3600


class Break(StrEnum):
    """Whether somebody may take a break just now."""

    YES = "yes"
    LINE = "line"  # others come first
    FULL = "full"


def duty_from(running: Sequence[OnDuty], people: Iterable[Person], book: RosterBook, now: datetime) -> Duty:
    """`running` are those on duty and those who went off lately; on call is not at the desk."""
    last: dict[UUID, OnDuty] = {}
    for each in running:
        known = last.get(each.agent_id)
        if each.kind is not ShiftKind.ON_CALL and (known is None or each.until > known.until):
            last[each.agent_id] = each
    here = {agent for agent, each in last.items() if now < each.until}
    leaving = {agent for agent, each in last.items() if is_leaving(each, book, now)}
    off = {
        p.id for p in people
        if p.id not in here and any(book.of(None, team).only_on_duty for team in p.team_ids)
    }  # fmt: skip
    return Duty(frozenset(leaving), frozenset(off))


def is_leaving(each: OnDuty, book: RosterBook, now: datetime) -> bool:
    """From a while before the end until what is left is swept to the team."""
    rules = book.of(None, each.team_id)
    return each.until - rules.wind_down <= now < each.until + rules.sweep


def may_break(quota: int, on_break: int, others_offered: int, others_ahead: int, *, offered: bool) -> Break:
    """`others_ahead` wait and were not told yet; whose turn it is has his place kept."""
    if offered:
        return Break.YES
    free = quota - on_break - others_offered
    if free <= 0:
        return Break.FULL
    return Break.YES if free > others_ahead else Break.LINE


def next_to_call(on_call: Sequence[UUID], leads: Sequence[UUID], called: Sequence[UUID]) -> UUID | None:
    """Those on call in the order of their shifts, then who leads the team; nobody twice."""
    return next((agent for agent in (*on_call, *leads) if agent not in called), None)
