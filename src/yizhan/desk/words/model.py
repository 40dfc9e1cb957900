"""What was found in a text, and a reply of ours that waits for somebody's yes."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from yizhan.foundation.errors import DomainError


class Level(StrEnum):
    REMIND = "remind"  # 提醒: the writer is told, it goes
    REVIEW = "review"  # 送审: it goes when somebody who may has said yes
    BLOCK = "block"  # 拦截: it does not go


GRAVITY = (Level.REMIND, Level.REVIEW, Level.BLOCK)


class Hit(msgspec.Struct, frozen=True):
    """`text[start:end]` is what was written; `word` is the word of the dictionary it stands for."""

    start: int
    end: int
    word: str
    group: str
    level: Level
    title: str
    hint: str
    title_en: str = ""
    hint_en: str = ""


class Heard(msgspec.Struct, frozen=True):
    """A group of incoming words that a customer used. `to` are words of notices: lead, duty, role:…"""

    group: str
    title: str
    words: tuple[str, ...]
    priority: int
    safety: bool
    to: tuple[str, ...]
    title_en: str = ""


class HeldState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A reply that waits, or what became of it."""

    id: UUID
    conversation_id: UUID
    ticket_id: UUID | None
    contact_id: UUID
    brand_id: UUID
    team_id: UUID | None
    author: str
    agent_id: UUID | None
    text: str
    attachments: list[dict[str, Any]]
    client_id: str
    solves: bool
    found: list[dict[str, Any]]
    rules: str
    state: HeldState
    reason: str | None
    decided_by: str | None
    decided_at: datetime | None
    message_id: UUID | None
    created_at: datetime
    version: int
    kind: str = "text"
    payload: dict[str, Any] | None = None


class WordsRefused(DomainError):  # noqa: N818 - what happened, as in foundation/errors
    """拦截: words that may not leave the house; the message names them. `zh` says it to a Chinese reader."""

    code = "words_blocked"

    def __init__(self, words: str, hit: Hit) -> None:
        super().__init__(f"{words}: {hit.hint_en or hit.title_en or hit.hint or hit.title}")
        self.zh = f"{words}:{hit.hint or hit.title}"
