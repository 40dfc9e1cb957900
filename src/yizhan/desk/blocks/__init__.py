"""黑名单 at work: reports on messages, who is turned away before his words become work, and the weekly review."""

from yizhan.desk.blocks.documents import BLACKLIST, SHIPPED, BlacklistDocument
from yizhan.desk.blocks.jobs import gate, register_timers
from yizhan.desk.blocks.service import Step, keep_out, report, turn_away
from yizhan.desk.blocks.store import BlockRow, due_for_review, listed

__all__ = [
    "BLACKLIST",
    "SHIPPED",
    "BlacklistDocument",
    "BlockRow",
    "Step",
    "due_for_review",
    "gate",
    "keep_out",
    "listed",
    "register_timers",
    "report",
    "turn_away",
]
