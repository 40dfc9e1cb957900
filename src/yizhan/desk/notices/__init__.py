"""Notices 通知: whatever must reach a person. Others raise `notice.raised`; here it becomes something he reads.

A durable reader keeps one row a person; the same once more is counted while it is unread. What the system itself has
to say, a rule or an inbox or an outlet that failed, becomes a notice here too. Outlets read the same events.
"""

from yizhan.desk.notices.jobs import notice_reader
from yizhan.desk.notices.model import (
    ACKNOWLEDGED,
    KEPT,
    RAISED,
    READ,
    SETTLED,
    NoticeKind,
    NoticeLevel,
    NoticePage,
    NoticeQuiet,
    NoticeRow,
)
from yizhan.desk.notices.policy import facts_of, level_of, topic_of
from yizhan.desk.notices.ringing import register_timers
from yizhan.desk.notices.service import (
    acknowledge,
    calls,
    forget_read,
    mute,
    news_of,
    page,
    read_all,
    read_some,
    seen_to,
)
from yizhan.desk.notices.store import acknowledged_at, mutes, quiet, set_quiet, unread_of

__all__ = [
    "ACKNOWLEDGED",
    "KEPT",
    "RAISED",
    "READ",
    "SETTLED",
    "NoticeKind",
    "NoticeLevel",
    "NoticePage",
    "NoticeQuiet",
    "NoticeRow",
    "acknowledge",
    "acknowledged_at",
    "calls",
    "facts_of",
    "forget_read",
    "level_of",
    "mute",
    "mutes",
    "news_of",
    "notice_reader",
    "page",
    "quiet",
    "read_all",
    "read_some",
    "register_timers",
    "seen_to",
    "set_quiet",
    "topic_of",
    "unread_of",
]
