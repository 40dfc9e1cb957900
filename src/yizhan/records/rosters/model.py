"""Shifts and leave. A shift is said in the hours of a place and kept as two instants and the name of its time zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from enum import StrEnum
from typing import Literal
from uuid import UUID

import msgspec

BEGAN = "roster.began"
"""Timer: a shift begins. Its version is the shift's, so that one that was moved since does nothing."""

Days = Mapping[date, Literal["holiday", "makeup"]]
"""The days that are not what their weekday says; all others are ordinary."""


class ShiftKind(StrEnum):
    DAY = "day"
    NIGHT = "night"
    ON_CALL = "on_call"  # not at the desk, but called when customers wait and nobody is there


class LeaveKind(StrEnum):
    ANNUAL = "annual"
    SICK = "sick"
    PERSONAL = "personal"
    TRAINING = "training"
    OTHER = "other"


class NewShift(msgspec.Struct, frozen=True, kw_only=True):
    """`until` not after `begin` means the next morning."""

    team_id: UUID
    agent_id: UUID
    kind: ShiftKind
    day: date
    begin: time
    until: time
    tz: str


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    team_id: UUID
    agent_id: UUID
    kind: ShiftKind
    starts_at: datetime
    ends_at: datetime
    tz: str
    version: int = 1


class NewLeave(msgspec.Struct, frozen=True, kw_only=True):
    agent_id: UUID
    kind: LeaveKind
    starts_at: datetime
    ends_at: datetime
    tz: str
    note: str = ""


class Leave(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    agent_id: UUID
    kind: LeaveKind
    starts_at: datetime
    ends_at: datetime
    tz: str
    note: str


class Person(msgspec.Struct, frozen=True):
    """One who may be on a roster, with the teams he belongs to."""

    id: UUID
    login: str
    name: str
    team_ids: tuple[UUID, ...]


class OnDuty(msgspec.Struct, frozen=True, kw_only=True):
    """A shift that runs; `until` is the end of the last one that follows it without a break."""

    shift_id: UUID
    agent_id: UUID
    team_id: UUID
    kind: ShiftKind
    starts_at: datetime
    ends_at: datetime
    until: datetime


class Duty(msgspec.Struct, frozen=True):
    """What routing needs to know of the roster just now: who gets no new live work any more, and who is off duty."""

    leaving: frozenset[UUID] = frozenset()
    off: frozenset[UUID] = frozenset()


class Row(msgspec.Struct, frozen=True):
    """A line of an imported file, read."""

    line: int
    shift: NewShift


class RowFault(msgspec.Struct, frozen=True):
    """A line that cannot be taken, and why. `field` is empty where it is the whole line."""

    line: int
    field: str
    message: str


class Skipped(msgspec.Struct, frozen=True):
    """A shift that was not copied, and why: holiday, leave, clash, gone."""

    shift: NewShift
    why: str
