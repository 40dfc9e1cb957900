"""What may happen to a conversation, decided without a database."""

from __future__ import annotations

from datetime import datetime, timedelta

from yizhan.foundation.errors import Conflict, Invalid
from yizhan.records.conversations.model import Conversation, Phase

RECALL_WINDOW = timedelta(minutes=2)
SLEEP_AFTER = timedelta(minutes=5)
MOST_TEXT = 20_000


def check_reply(conversation: Conversation, text: str, *, files: int) -> None:
    if conversation.phase is Phase.ENDED and conversation.live:
        raise Conflict("the conversation has ended; the customer's next message starts a new one")
    check_text(text, files=files)


def check_text(text: str, *, files: int) -> None:
    if not text.strip() and not files:
        raise Invalid("write something or attach a file", "text")
    if len(text) > MOST_TEXT:
        raise Invalid(f"at most {MOST_TEXT:,} characters", "text")


def weighs(conversation: Conversation, now: datetime) -> bool:
    """Live load counts while the customer spoke last, or we spoke under five minutes ago."""
    if not conversation.live or conversation.phase is not Phase.SERVED:
        return False
    if conversation.waiting_since is not None or conversation.last_outbound_at is None:
        return True
    return now - conversation.last_outbound_at < SLEEP_AFTER


def preview_of(text: str, files: int) -> str:
    return " ".join(text.split())[:140] or f"[{files}]"
