"""Quick replies 快捷回复: the house's and one's own, with gaps that are filled from what is known of the conversation.

The house's are documents of the kind `quick_reply`; one's own are rows, and so is how often each was sent.
"""

from yizhan.desk.quick_replies.documents import QUICK_REPLY, QuickReply, ReplyBook
from yizhan.desk.quick_replies.model import FACTS, GAPS, Fact, GuideStep, Known, OwnReply
from yizhan.desk.quick_replies.policy import ensure_filled, fill, gaps_in, values_of
from yizhan.desk.quick_replies.service import change_own, count_use, drop_own, keep_own, known_of
from yizhan.desk.quick_replies.store import own_of, uses

__all__ = [
    "FACTS",
    "GAPS",
    "QUICK_REPLY",
    "Fact",
    "GuideStep",
    "Known",
    "OwnReply",
    "QuickReply",
    "ReplyBook",
    "change_own",
    "count_use",
    "drop_own",
    "ensure_filled",
    "fill",
    "gaps_in",
    "keep_own",
    "known_of",
    "own_of",
    "uses",
    "values_of",
]
