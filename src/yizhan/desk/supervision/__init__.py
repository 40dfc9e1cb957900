"""Supervision 主管现场: what is done about a red number, and with the conversations of others.

A measure (增派, 提高接待上限, 排队公告, 机器人优先) has an end and undoes itself; 回收 and 悄悄话 act
at once. 接管 and 改派 are verbs of routing.
"""

from yizhan.desk.supervision.hands import reclaim, whisper
from yizhan.desk.supervision.jobs import register_timers
from yizhan.desk.supervision.model import Ending, Measure, MeasureKind
from yizhan.desk.supervision.service import (
    MOST_RAISE,
    announce,
    bot_first,
    end,
    raise_caps,
    reinforce,
    running,
    teams_bot_first,
)
from yizhan.desk.supervision.store import inboxes_of

__all__ = [
    "MOST_RAISE",
    "Ending",
    "Measure",
    "MeasureKind",
    "announce",
    "bot_first",
    "end",
    "inboxes_of",
    "raise_caps",
    "reclaim",
    "register_timers",
    "reinforce",
    "running",
    "teams_bot_first",
    "whisper",
]
