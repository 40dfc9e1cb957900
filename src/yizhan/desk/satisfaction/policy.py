"""Who is asked and who is spared, and how long a rating may be given. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from yizhan.desk.satisfaction.rules import SatisfactionRules
from yizhan.foundation.errors import Conflict
from yizhan.records.ratings import RatingRecord, Survey, Way

MAIL = "email"
WINDOWS = frozenset({"webchat"})
"""Channels whose window shows the form itself."""
LINKED = frozenset({
    "generic", "wechat_mp", "wechat_mini", "wechat_kf", "wecom", "weibo", "whatsapp", "messenger", "telegram", "line",
})  # fmt: skip
"""Channels in which a link is a message like any other: it costs one of those that are counted, nothing else."""
_UNASKED = frozenset({"system", "abandoned", "abuse", "message"})


class Spared(StrEnum):
    OFF = "off"
    CHANNEL = "channel"  # it cannot ask, or is told not to
    SHORT = "short"  # fewer than two human messages, or nobody answered
    REASON = "reason"  # how it ended
    ABUSE = "abuse"
    BLACKLIST = "blacklist"
    TRANSFER = "transfer"  # handed on, and the receiver has not spoken yet
    LATELY = "lately"
    ASKED = "asked"


class Spell(msgspec.Struct, frozen=True, kw_only=True):
    """What decides whether a conversation's customer is asked. `answers`: messages of people of the house."""

    conversation_id: UUID
    version: int
    contact_id: UUID
    person_id: UUID
    inbox_id: UUID
    team_id: UUID | None
    brand_id: UUID
    ticket_id: UUID | None
    agent_id: UUID | None
    channel: str
    phase: str
    end_reason: str | None
    ended_at: datetime | None
    assigned_at: datetime | None
    locale: str | None
    inbound: int
    answers: int
    answered_at: datetime | None
    abused: bool
    limited: bool
    last_asked: datetime | None  # the person, in any other conversation
    asked: bool


def way_of(channel: str) -> Way | None:
    if channel in WINDOWS:
        return Way.WINDOW
    if channel in LINKED:
        return Way.LINK
    return Way.MAIL if channel == MAIL else None


def spared(spell: Spell, rules: SatisfactionRules, now: datetime) -> Spared | None:
    """Why this customer is not asked; None: he is."""
    if not rules.enabled:
        return Spared.OFF
    if spell.channel in rules.never_on or way_of(spell.channel) is None:
        return Spared.CHANNEL
    if spell.asked:
        return Spared.ASKED
    if spell.end_reason in _UNASKED:
        return Spared.REASON
    if spell.abused:
        return Spared.ABUSE
    if spell.limited:
        return Spared.BLACKLIST
    if spell.answers < 1 or spell.inbound + spell.answers < 2:
        return Spared.SHORT
    if spell.assigned_at and spell.answered_at and spell.answered_at < spell.assigned_at:
        return Spared.TRANSFER
    if spell.last_asked is not None and abs(now - spell.last_asked) < rules.again_after:
        return Spared.LATELY
    return None


def check_time(
    earlier: RatingRecord | None, survey: Survey | None, ended_at: datetime | None, way: Way, rules: SatisfactionRules,
    now: datetime,
) -> None:  # fmt: skip
    """Raises Conflict where it is too late, or too early. A link says itself how long it is good."""
    if earlier is not None:
        if now - earlier.given_at > rules.editable:
            raise Conflict("a rating can be changed for a day")
        return
    if way is not Way.WINDOW:
        return
    asked_at = survey.asked_at if survey else None
    since = max((at for at in (asked_at, ended_at) if at is not None), default=None)
    if since is None:
        raise Conflict("the conversation goes on")
    if now - since > max(rules.editable, timedelta(hours=1)):
        raise Conflict("a rating can be given for a day")
