"""How grave a notice is, what makes two of them the same, and which of the system's own troubles are told. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from yizhan.desk.notices.model import NoticeLevel
from yizhan.foundation.journal import Entry

_LEVELS = {
    "sla.warning": NoticeLevel.WARNING,
    "ticket.chased": NoticeLevel.WARNING,
    "rule.failed": NoticeLevel.WARNING,
    "outlet.failed": NoticeLevel.WARNING,
    "connector.failed": NoticeLevel.WARNING,
    "inbox.failed": NoticeLevel.CRITICAL,
    "inbox.authorisation_ends": NoticeLevel.WARNING,
    "promise.due": NoticeLevel.WARNING,
    "promise.late": NoticeLevel.CRITICAL,
    "complaint.major": NoticeLevel.WARNING,
    "complaint.escalated": NoticeLevel.WARNING,
    "complaint.crisis": NoticeLevel.CRITICAL,
    "case.breach": NoticeLevel.CRITICAL,
    "words.heard": NoticeLevel.WARNING,
    "rating.low": NoticeLevel.WARNING,
    "contact.withdrew": NoticeLevel.WARNING,
    "rating.overdue": NoticeLevel.CRITICAL,
    "roster.nobody_answers": NoticeLevel.CRITICAL,
}
_NAMED = frozenset(each.value for each in NoticeLevel)
_ADDRESS = frozenset({"who", "agents", "how", "why", "level", "then"})


class Trouble(msgspec.Struct, frozen=True):
    """Something the system tells of itself: to whom, by permission, and as whose words."""

    permission: str
    who: str


TROUBLES: Mapping[str, Trouble] = {
    "rule.failed": Trouble("config.manage", "administrator"),
    "outlet.failed": Trouble("config.manage", "administrator"),
    "connector.failed": Trouble("connector.write", "administrator"),
    "connector.recovered": Trouble("connector.write", "administrator"),
    "contact.withdrew": Trouble("config.manage", "administrator"),
    "inbox.failed": Trouble("supervise", "supervisor"),
    "inbox.authorisation_ends": Trouble("inbox.manage", "administrator"),
    "inbox.reached": Trouble("supervise", "supervisor"),
}


def level_of(why: str, how: str, told: object = None) -> NoticeLevel:
    """What the event itself says counts; after that a call is always critical, and so is what is late."""
    if isinstance(told, str) and told in _NAMED:
        return NoticeLevel(told)
    if how == "call" or (why.startswith("sla.") and why != "sla.warning"):
        return NoticeLevel.CRITICAL
    return _LEVELS.get(why, NoticeLevel.INFO)


def may_be_muted(why: str) -> bool:
    """Of its kind; a single one that is a call, or graver than its kind, is told all the same."""
    return level_of(why, "notify") is not NoticeLevel.CRITICAL


def topic_of(why: str, subject: UUID) -> str:
    return f"{why}:{subject}"


def addressed(entry: Entry) -> list[UUID]:
    """The agents an event names; what cannot be read as an id is left out."""
    found = dict[UUID, None]()
    for word in _texts(entry.data.get("agents")):
        try:
            found[UUID(word)] = None
        except ValueError:
            continue
    return list(found)


def facts_of(told: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in told.items() if key not in _ADDRESS}


def _texts(value: object) -> Sequence[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
