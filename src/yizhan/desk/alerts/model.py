"""An alert: one spell out of bounds in one place."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

RAISED = "alert.raised"
ACKNOWLEDGED = "alert.acknowledged"
RECOVERED = "alert.recovered"
"""Events. Subject: the alert; data: rule, metric, place, value, threshold, level."""


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """`fired_at` None: not long enough yet. `told_at` None: fired in quiet hours, nobody was told."""

    id: UUID
    rule: str
    rule_version: int
    place: str
    team_id: UUID | None
    metric: str
    level: str
    threshold: float
    value: float
    worst: float
    since: datetime
    fired_at: datetime | None = None
    calm_since: datetime | None = None
    told_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: UUID | None = None
    ended_at: datetime | None = None
    version: int = 1


class AlertRow(msgspec.Struct, frozen=True, kw_only=True):
    """An alert for screens, with the words of its rule and place."""

    id: UUID
    version: int
    rule: str
    title_zh: str
    title_en: str
    metric: str
    metric_zh: str
    metric_en: str
    unit: str
    place: str
    place_name: str
    team_id: UUID | None
    level: str
    threshold: float
    value: float
    worst: float
    since: datetime
    fired_at: datetime
    acknowledged_at: datetime | None
    acknowledged_name: str | None
    ended_at: datetime | None
