"""A notice as its reader sees it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

RAISED = "notice.raised"
"""Event of whoever has something to tell. `data`: who (words), agents (ids), how (notify or call), why, and facts."""
KEPT = "notice.kept"
"""Event: a person has a notice more, or one of his unread came again. Subject: the notice; agent_id: whose."""
READ = "notice.read"
"""Event: somebody read notices of his. Subject: the agent."""
ACKNOWLEDGED = "notice.acknowledged"
"""Event: somebody called has it. Subject: the notice; data: why, topic, people (who else was called)."""
SETTLED = "notice.settled"
"""Event of whoever called: it was seen to. Subject: that of the call; data: why."""


class NoticeLevel(StrEnum):
    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


class NoticeRow(msgspec.Struct, frozen=True, kw_only=True):
    """`why` is the reason as its event named it; `facts` are what that reason knows. `times` is how often it came.

    Acknowledged without a name: the matter was seen to.
    """

    id: UUID
    version: int
    why: str
    level: NoticeLevel
    how: str
    ticket_id: UUID | None
    ticket_number: int | None
    ticket_subject: str | None
    conversation_id: UUID | None
    facts: dict[str, Any]
    times: int
    raised_at: datetime
    read_at: datetime | None
    acknowledged_at: datetime | None = None
    acknowledged_name: str | None = None


class NoticeKind(msgspec.Struct, frozen=True):
    """Notices of one family, `sla` of `sla.breach`, and how many of them are unread."""

    kind: str
    count: int
    unread: int


class NoticeQuiet(msgspec.Struct, frozen=True):
    """Every day between these in that zone; over midnight when the end is earlier."""

    start: str
    end: str
    tz: str


class NoticePage(msgspec.Struct, frozen=True):
    """Newest first; `before` is the id to go on from, None at the end."""

    items: list[NoticeRow]
    unread: int
    before: UUID | None
    kinds: list[NoticeKind] = []


class NewNotice(msgspec.Struct, frozen=True, kw_only=True):
    """As it is written; `times` within one batch of the journal."""

    id: UUID
    agent_id: UUID
    topic: str
    why: str
    level: NoticeLevel
    how: str
    ticket_id: UUID | None
    conversation_id: UUID | None
    facts: dict[str, Any]
    times: int
    raised_at: datetime
