"""A run of a campaign, who is asked in it, and what he says."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

LOW = 6
"""Up to here a detractor, from 9 on a promoter: Reichheld, The One Number You Need to Grow, HBR 2003."""
HIGH = 9


class RunState(StrEnum):
    GATHERING = "gathering"  # looking for whom to ask
    ASKING = "asking"
    ANSWERING = "answering"  # nobody is asked any more
    CLOSED = "closed"
    STOPPED = "stopped"  # by hand: links of it stay good


class Spared(StrEnum):
    """Why somebody is not asked; the first that holds."""

    FAILED = "failed"  # the condition could not judge him
    CONDITION = "condition"  # not one of those the campaign is for
    SAMPLE = "sample"  # not in the share drawn
    HELD = "held"  # legal hold, blacklist or a crisis lies on him
    OPEN = "open"  # a ticket or a complaint of his is open
    LATELY = "lately"  # asked something in the quiet days, on whatever channel
    WAY = "way"  # no channel of the campaign reaches him, or he wants none of it


class Way(msgspec.Struct, frozen=True):
    """Where somebody can be asked: his newest conversation on a channel."""

    channel: str
    conversation_id: UUID
    contact_id: UUID
    identity_id: UUID
    brand_id: UUID
    team_id: UUID | None


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """`facts` are what the campaign's condition may ask; `ways` leave out what is suppressed."""

    person_id: UUID
    facts: dict[str, Any]
    ways: list[Way]
    open: bool
    held: bool
    last_asked: datetime | None


class Run(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    campaign: str
    period: str
    rules: dict[str, Any]
    source: str
    state: RunState
    started_at: datetime
    started_by: str
    ask_until: datetime
    closes_at: datetime
    next_at: datetime
    cursor: UUID
    considered: int
    spared: dict[str, int]
    ended_at: datetime | None
    version: int


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    run_id: UUID
    person_id: UUID
    contact_id: UUID
    identity_id: UUID
    conversation_id: UUID
    brand_id: UUID
    team_id: UUID | None
    channel: str
    state: str
    message_id: UUID | None
    score: int | None
    comment: str
    given_at: datetime | None
    follow_up_id: UUID | None
    version: int
    closes_at: datetime
    brand_name: str
    locale: str | None


class Answer(msgspec.Struct, frozen=True):
    score: int
    comment: str = ""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who was asked, and what he said, if he did."""

    person_id: UUID
    way: Way
    asked_at: datetime
    answer: Answer | None = None
    given_at: datetime | None = None


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a campaign would ask today. `complete` is False where not everybody was looked at."""

    considered: int
    asked: int
    by_channel: dict[str, int]
    spared: dict[str, int]
    complete: bool
