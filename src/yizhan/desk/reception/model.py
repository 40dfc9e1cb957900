"""What the assistant 智能助手 looks at, and what it does with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from yizhan.foundation.db import Tx

ACTOR = "bot"


class Begins(StrEnum):
    """When new conversations begin with the assistant; where not never, a supervisor's 机器人优先 counts too."""

    NEVER = "never"
    BOT_FIRST = "bot_first"  # only while a supervisor wants it so
    OUTSIDE_HOURS = "outside_hours"
    UNATTENDED = "unattended"  # outside hours, and when nobody is there to answer
    ALWAYS = "always"


class Outcome(StrEnum):
    """What became of one turn of the customer."""

    GREETED = "greeted"
    ANSWERED = "answered"
    SUGGESTED = "suggested"
    MISSED = "missed"  # it asked him to say it in other words
    SOLVED = "solved"  # the customer said so
    HANDED = "handed"
    LEFT = "left"  # handed on while nobody was there: 留言


class Why(StrEnum):
    """Why a person takes over."""

    ASKED = "asked"
    WORDS = "words"
    COMPLAINT = "complaint"
    CRISIS = "crisis"
    FILE = "file"
    UNSOLVED = "unsolved"
    FAILED = "failed"
    REFUSED = "refused"  # an answer our own word lists do not let through
    OFF = "off"


class Attendance(msgspec.Struct, frozen=True):
    """Whether an inbox is open, somebody is there, somebody is on call, and what is promised for a message left."""

    open: bool
    staffed: bool
    on_call: bool = False
    reply_by: str | None = None


Attended = Callable[[Tx, UUID, UUID | None, str, datetime], Awaitable[Attendance]]
"""Of an inbox and team, told in a language."""

Wakes = Callable[[Tx, UUID, datetime], Awaitable[bool]]
"""Whether whoever is on call is woken for a conversation."""


async def wakes_nobody(tx: Tx, conversation_id: UUID, now: datetime) -> bool:
    return False


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation that begins. `fresh` is a matter no person has had; `left` are words for later, 留言."""

    id: UUID
    inbox_id: UUID
    team_id: UUID | None
    ticket_id: UUID | None
    phase: str
    fresh: bool
    complaint: bool
    left: bool = False
    fields: dict[str, Any] = {}
    text: str
    plain: bool
    messages: list[UUID] = []
    locale: str | None = None


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """One turn: all that the customer said since we last looked."""

    conversation_id: UUID
    messages: list[UUID]
    text: str
    plain: bool
    page: str = ""
    locale: str | None = None
    frozen: bool = False


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """What was done with one turn, as it is kept."""

    message_id: UUID
    conversation_id: UUID
    at: datetime
    outcome: Outcome
    why: str | None = None
    entry: str | None = None
    sure: float | None = None
    offered: list[str] = []
    rules: str = ""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What to do with a turn. `text` is said by the assistant, `options` are its buttons."""

    outcome: Outcome
    text: str = ""
    options: tuple[str, ...] = ()
    why: Why | None = None
    urgent: bool = False
    entry: str | None = None
    title: str = ""
    sure: float | None = None
    offered: tuple[str, ...] = ()

    @property
    def payload(self) -> dict[str, Any]:
        """What screens may show of it: every answer names its entry."""
        told: dict[str, Any] = {"reception": {"outcome": self.outcome, "entry": self.entry, "title": self.title}}
        if self.sure is not None:
            told["reception"]["sure"] = self.sure
        if self.options:
            told["options"] = list(self.options)
        return told
