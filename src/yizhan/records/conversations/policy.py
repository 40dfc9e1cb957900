"""What may happen to a conversation, decided without a database."""

from __future__ import annotations

from datetime import datetime, timedelta

from yizhan.foundation.errors import Conflict, Forbidden, Invalid
from yizhan.records.conversations.model import Conversation, Phase

RECALL_WINDOW = timedelta(minutes=2)
MOST_TEXT = 20_000
OWN_PAGE = "webchat"
"""Who left our page reads nothing there; a vendor keeps what comes later for him."""


def check_reply(conversation: Conversation, text: str, *, files: int) -> None:
    if conversation.phase is Phase.ENDED and conversation.live and conversation.channel == OWN_PAGE:
        raise Conflict("the conversation has ended; the customer's next message starts a new one")
    check_text(text, files=files)


def check_text(text: str, *, files: int) -> None:
    if not text.strip() and not files:
        raise Invalid("write something or attach a file", "text")
    if len(text) > MOST_TEXT:
        raise Invalid(f"at most {MOST_TEXT:,} characters", "text")


def ensure_recallable(author: str, said_at: datetime, actor: str, now: datetime) -> None:
    if author != actor:
        raise Forbidden("only your own message can be recalled")
    if now - said_at > RECALL_WINDOW:
        raise Conflict("a message can be recalled within two minutes")


def preview_of(text: str) -> str:
    return " ".join(text.split())[:140] or "[file]"
