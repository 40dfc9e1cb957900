"""What goes over the wire about rosters. Days and hours are those of the shift's own time zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.desk.views import ConversationRow, TicketRow
from yizhan.records.rosters import Leave, LeaveKind, NewShift, Shift, ShiftKind, hours_of
from yizhan.web.shapes import Line

Zone = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9_+/-]+$")]
Clock = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]
"""HH:MM; 24:00 is the midnight at the end of the day."""
Note = Annotated[str, Meta(max_length=4_000, pattern=r"^[^\x00]*$")]


class ShiftWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`until` not after `begin` means the next morning; without a zone that of the house."""

    team_id: UUID
    agent_id: UUID
    kind: ShiftKind = ShiftKind.DAY
    day: date
    begin: Clock
    until: Clock
    tz: Zone | None = None


class ShiftEdit(ShiftWish, kw_only=True):
    """`version` is the one that was read."""

    version: int


class ShiftShape(msgspec.Struct, kw_only=True):
    id: UUID
    version: int
    team_id: UUID
    agent_id: UUID
    kind: ShiftKind
    day: date
    begin: str
    until: str
    tz: str
    starts_at: datetime
    ends_at: datetime


class LeaveWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Whole days, the last one included, unless `begin` and `until` say hours."""

    agent_id: UUID
    kind: LeaveKind = LeaveKind.ANNUAL
    first: date
    last: date
    begin: Clock | None = None
    until: Clock | None = None
    note: Line = ""


class LeaveShape(msgspec.Struct, kw_only=True):
    id: UUID
    agent_id: UUID
    kind: LeaveKind
    starts_at: datetime
    ends_at: datetime
    tz: str
    note: str


class LeaveMade(msgspec.Struct):
    """`uncovered` are the shifts that nobody works now."""

    leave: LeaveShape
    uncovered: list[ShiftShape]


class RosterPerson(msgspec.Struct):
    id: UUID
    name: str
    team_ids: list[UUID]


class RosterTeam(msgspec.Struct):
    id: UUID
    name: str


class DayShape(msgspec.Struct):
    """`special` is holiday or makeup (调休), null on a day like any other."""

    day: date
    special: Literal["holiday", "makeup"] | None


class RosterShape(msgspec.Struct, kw_only=True):
    """`may_plan` says whether the viewer may change it."""

    tz: str
    days: list[DayShape]
    shifts: list[ShiftShape]
    leaves: list[LeaveShape]
    people: list[RosterPerson]
    teams: list[RosterTeam]
    may_plan: bool


class RosterImportRequest(msgspec.Struct, forbid_unknown_fields=True):
    """CSV with a header: 客服组,客服,日期,开始,结束,班次,时区 (team, agent, date, from, to, kind, tz)."""

    text: Annotated[str, Meta(min_length=1, max_length=300_000)]
    dry_run: bool = True


class FaultShape(msgspec.Struct):
    """`zh` is the message in Chinese, where there are words for it."""

    line: int
    field: str
    message: str
    zh: str | None = None


class ImportShape(msgspec.Struct):
    """Nothing is taken while there is a fault; `rows` can be, `made` were."""

    rows: int
    made: int
    faults: list[FaultShape]


class CopyRequest(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Both are Mondays."""

    team_id: UUID
    source: date
    target: date


class SkippedShape(msgspec.Struct):
    agent_id: UUID
    day: date
    begin: str
    why: str
    zh: str | None = None


class CopyShape(msgspec.Struct):
    made: int
    skipped: list[SkippedShape]


class OnDutyShape(msgspec.Struct, kw_only=True):
    agent_id: UUID
    team_id: UUID
    kind: ShiftKind
    starts_at: datetime
    until: datetime


class OnDutyList(msgspec.Struct):
    items: list[OnDutyShape]


class ShiftList(msgspec.Struct):
    items: list[ShiftShape]


class WorktimeShape(msgspec.Struct):
    """Seconds in each state; `at_work` are those that count as worked: all but 离线."""

    agent_id: UUID
    name: str
    seconds: dict[str, int]
    at_work: int
    planned: int


class WorktimeList(msgspec.Struct):
    items: list[WorktimeShape]


class BreakWish(msgspec.Struct, forbid_unknown_fields=True):
    reason: Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\x00]*$")]


class BreakShape(msgspec.Struct, kw_only=True):
    """`place` counts from 1, 0 is not in line; `until` is how long the turn stands."""

    quota: int | None
    resting: list[str]
    waiting: int
    place: int
    reason: str | None
    until: datetime | None


def clock_of(text: str) -> time:
    return time() if text == "24:00" else time.fromisoformat(text)


def new_shift(wish: ShiftWish, tz: str) -> NewShift:
    return NewShift(
        team_id=wish.team_id, agent_id=wish.agent_id, kind=wish.kind, day=wish.day, begin=clock_of(wish.begin),
        until=clock_of(wish.until), tz=wish.tz or tz,
    )  # fmt: skip


def shift_shape(of: Shift) -> ShiftShape:
    said = hours_of(of)
    return ShiftShape(
        id=of.id, version=of.version, team_id=of.team_id, agent_id=of.agent_id, kind=of.kind, day=said.day,
        begin=f"{said.begin:%H:%M}", until=f"{said.until:%H:%M}", tz=of.tz, starts_at=of.starts_at, ends_at=of.ends_at,
    )  # fmt: skip


def shift_shapes(of: Sequence[Shift]) -> list[ShiftShape]:
    return [shift_shape(each) for each in of]


def leave_shape(of: Leave) -> LeaveShape:
    return LeaveShape(**msgspec.structs.asdict(of))


class LeftShape(msgspec.Struct):
    """`why` is sla, follow_up or promise."""

    ticket: TicketRow
    due_at: datetime
    why: str


class SheetShape(msgspec.Struct, kw_only=True):
    """`ends_at` is null without a shift; `next` are colleagues who work after it, whoever begins first first."""

    ends_at: datetime | None
    back_at: datetime
    chats: list[ConversationRow]
    tickets: list[LeftShape]
    next: list[RosterPerson]


class ChatWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """转接 needs a receiver and a note; 结束 takes the proposed summary unless there are own words."""

    id: UUID
    do: Literal["transfer", "end", "keep"]
    agent_id: UUID | None = None
    team_id: UUID | None = None
    note: Note = ""


class TicketWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    id: UUID
    to: Literal["next", "team", "agent"]
    note: Note
    agent_id: UUID | None = None


class HandOverRequest(msgspec.Struct, forbid_unknown_fields=True):
    chats: Annotated[list[ChatWish], Meta(max_length=100)] = []
    tickets: Annotated[list[TicketWish], Meta(max_length=500)] = []


class HandOverShape(msgspec.Struct):
    """`staying` are the conversations that still are the agent's."""

    handed: int
    staying: list[UUID]


class ReceivedLine(msgspec.Struct, kw_only=True):
    """`how`: agent (to the viewer), team, transfer, or pool: nobody had handed it over in time."""

    id: UUID
    from_name: str
    to_me: bool
    ticket: TicketRow | None
    conversation_id: UUID | None
    how: str
    note: str
    at: datetime
    seen: bool


class ReceivedShape(msgspec.Struct):
    items: list[ReceivedLine]
    due: list[TicketRow]
    complaints: list[TicketRow]
    unseen: int
