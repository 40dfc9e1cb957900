"""What goes over the wire about live numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.desk.metrics import METRICS, Figures, Metrics, Scope
from yizhan.desk.routing import Spill
from yizhan.desk.supervision import MOST_RAISE, Measure
from yizhan.desk.views import ConversationRow, TicketRow
from yizhan.records.agents import Viewer
from yizhan.web.conversations.shapes import Words

ScopeKind = Literal["all", "team", "channel", "inbox", "agent"]
Minutes = Annotated[int, Meta(ge=1, le=12 * 60)]
Values = dict[str, dict[str, float]]
"""By id and metric; the id of the whole house is empty."""


class GoalShape(msgspec.Struct):
    amber: float
    red: float


class MetricShape(msgspec.Struct):
    """`unit` is count, seconds, share or stars; `window` now, today or hour."""

    name: str
    unit: str
    window: str
    high_is_bad: bool | None
    scopes: tuple[str, ...]


class AgentFigures(msgspec.Struct):
    """`ended` and `solved` are since midnight."""

    id: UUID
    name: str
    teams: tuple[str, ...]
    state: str
    since: datetime | None
    lost: bool
    live: int
    live_cap: int
    ended: int
    solved: int


class HourShape(msgspec.Struct):
    at: datetime
    entered: int
    picked: int
    abandoned: int
    channels: dict[str, int]


class FiguresShape(msgspec.Struct):
    """`ready` is false while a process that has just started still counts. `yesterday` is by team, at this time of it;
    the whole house's has no id."""

    at: datetime
    ready: bool
    all: dict[str, float]
    team: Values
    channel: Values
    inbox: Values
    yesterday: Values
    people: list[AgentFigures]
    hours: list[HourShape]


class ChartShape(msgspec.Struct):
    """Of one team or channel: its hours, and by which channels people came today."""

    hours: list[HourShape]
    channel: Values


class MeasureShape(msgspec.Struct):
    id: UUID
    kind: str
    team_id: UUID
    agent_id: UUID | None
    text: str | None
    cap_before: int | None
    cap_after: int | None
    by_agent: UUID
    began_at: datetime
    until_at: datetime


class HelpShape(msgspec.Struct):
    """Overflow: `helpers` are the teams that help this one, `waiting` and `seconds` what made it so.

    What is more urgent than `most_priority` stays. `GET /monitor/behind?metric=overflow&where=team` is what moved.
    """

    team_id: UUID
    helpers: tuple[UUID, ...]
    waiting: int
    seconds: int
    most_priority: int


class StepsShape(msgspec.Struct):
    measures: list[MeasureShape]
    helps: list[HelpShape]


class MonitorShape(msgspec.Struct):
    metrics: list[MetricShape]
    targets: dict[str, GoalShape]
    answer_s: int
    figures: FiguresShape
    steps: StepsShape


class BehindShape(msgspec.Struct):
    """A page of the list behind a number; `next` while it goes on. Behind a mean, by conversation, the `seconds` it
    adds."""

    conversations: list[ConversationRow]
    tickets: list[TicketRow]
    next: str | None
    seconds: dict[str, float] = {}


class ReinforceRequest(msgspec.Struct, forbid_unknown_fields=True):
    team_id: UUID
    agent_ids: Annotated[list[UUID], Meta(min_length=1, max_length=20)]
    minutes: Minutes


class CapsRequest(msgspec.Struct, forbid_unknown_fields=True):
    team_id: UUID
    more: Annotated[int, Meta(ge=1, le=MOST_RAISE)]
    minutes: Minutes


class NoticeRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Said once to everybody who queues for the team while it is in force."""

    team_id: UUID
    text: Annotated[str, Meta(min_length=1, max_length=300, pattern=r"^[^\x00]*$")]
    minutes: Minutes


class BotFirstRequest(msgspec.Struct, forbid_unknown_fields=True):
    """New conversations of the team begin with the assistant until the time is over."""

    team_id: UUID
    minutes: Minutes


class TakeOverRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Without an agent: whoever asks."""

    note: Words
    agent_id: UUID | None = None


class WhisperRequest(msgspec.Struct, forbid_unknown_fields=True):
    text: Annotated[str, Meta(min_length=1, max_length=1000, pattern=r"^[^\x00]*$")]


class WhisperShape(msgspec.Struct):
    message_id: UUID


class ReclaimRequest(msgspec.Struct, forbid_unknown_fields=True):
    """`waiting` takes back only those whose customer waits for a word."""

    note: Words
    waiting: bool = True


class ReclaimShape(msgspec.Struct):
    count: int


def figures_shape(metrics: Metrics, now: datetime, viewer: Viewer) -> FiguresShape:
    told, before = _by_scope(metrics.read(now, viewer)), _by_scope(metrics.yesterday(now, viewer))
    return FiguresShape(
        at=now,
        ready=metrics.ready,
        all=told["all"].get("", {}),
        team=dict(told["team"]),
        channel=dict(told["channel"]),
        inbox=dict(told["inbox"]),
        yesterday={**before["team"], **before["all"]},
        people=[AgentFigures(*msgspec.structs.astuple(person)) for person in metrics.people(now, viewer)],
        hours=[HourShape(*msgspec.structs.astuple(hour)) for hour in metrics.hours(now, viewer)],
    )


def chart_shape(metrics: Metrics, now: datetime, viewer: Viewer, within: Scope) -> ChartShape:
    hours = [HourShape(*msgspec.structs.astuple(hour)) for hour in metrics.hours(now, viewer, within)]
    came = metrics.channels(now, viewer, within)
    return ChartShape(hours, {id: {"entered": float(c.entered), "written": float(c.written)} for id, c in came.items()})


def metric_shapes() -> list[MetricShape]:
    return [MetricShape(m.name, m.unit, m.window, m.high_is_bad, m.scopes) for m in METRICS.values()]


def steps_shape(measures: Sequence[Measure], spills: Sequence[Spill]) -> StepsShape:
    return StepsShape(
        [
            MeasureShape(
                m.id, m.kind, m.team_id, m.agent_id, m.text, m.cap_before, m.cap_after, m.by_agent, m.began_at,
                m.until_at,
            )
            for m in measures
        ],
        [HelpShape(s.team_id, s.helpers, s.length, s.waited, s.most_priority) for s in spills],
    )  # fmt: skip


def _by_scope(told: Figures) -> dict[str, dict[str, dict[str, float]]]:
    found: dict[str, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for (metric, scope), value in told.items():
        found[scope.kind][scope.id][metric] = round(value, 4)
    return found
