"""What goes over the wire about NPS."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from yizhan.desk.nps import Comment, Months, Results, Run, RunState


class RunShape(msgspec.Struct):
    """`spared` says how many were not asked when people were looked for, by reason."""

    id: UUID
    campaign: str
    period: date
    source: str
    state: RunState
    started_at: datetime
    ask_until: datetime
    closes_at: datetime
    ended_at: datetime | None
    considered: int
    spared: dict[str, int]


class CampaignShape(msgspec.Struct):
    """`next_at` is when its next period begins; null for one that is switched off or over."""

    name: str
    title: dict[str, str]
    enabled: bool
    every: str
    next_at: datetime | None
    runs: list[RunShape]


class CampaignList(msgspec.Struct):
    items: list[CampaignShape]


class RunResults(msgspec.Struct):
    run: RunShape
    results: Results


class MonthList(msgspec.Struct):
    items: list[Months]


class CommentPage(msgspec.Struct):
    """`before` is the id to go on from, null at the end."""

    items: list[Comment]
    before: UUID | None


class NpsPreviewRequest(msgspec.Struct):
    """A document of the kind `nps_campaign`, not saved yet."""

    body: dict[str, Any]


def run_shape(run: Run) -> RunShape:
    return RunShape(
        run.id, run.campaign, date.fromisoformat(run.period), run.source, run.state, run.started_at, run.ask_until,
        run.closes_at, run.ended_at, run.considered, run.spared,
    )  # fmt: skip
