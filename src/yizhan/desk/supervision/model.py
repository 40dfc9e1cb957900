"""What a supervisor does about a number, for a while."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec


class MeasureKind(StrEnum):
    REINFORCE = "reinforce"  # 增派: somebody of another team joins this one
    CAPS = "caps"  # 提高接待上限
    NOTICE = "notice"  # 排队公告: said to everybody who queues
    BOT_FIRST = "bot_first"  # 机器人优先: new conversations begin with the assistant


class Ending(StrEnum):
    TIME = "time"
    HAND = "hand"
    MOOT = "moot"  # somebody changed by hand what it had changed


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """`agent_id` is whom it moved or burdened, None of a notice; `text` is what a notice says."""

    id: UUID
    kind: MeasureKind
    team_id: UUID
    agent_id: UUID | None = None
    text: str | None = None
    cap_before: int | None = None
    cap_after: int | None = None
    by_agent: UUID
    began_at: datetime
    until_at: datetime
    ended_at: datetime | None = None
    ended_why: str | None = None
