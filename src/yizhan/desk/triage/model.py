"""What triage looks at and what it concludes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket as triage finds it. `ready` was handed to routing already; `late` without having been judged."""

    ticket_id: UUID
    type: str
    type_sure: bool
    priority: int
    needs: dict[str, Any] = {}
    inbox_id: UUID | None = None
    team_id: UUID | None = None
    ready: bool = False
    reopened: bool = False

    @property
    def late(self) -> bool:
        return self.ready and bool(self.needs.get("late"))


Facts = Mapping[str, object]
"""What rules may ask about: `rules.FIELDS`."""


class Conclusion(msgspec.Struct, frozen=True):
    """`skills` are keys that somebody in the house has. `matched` names the rules that held, `rules` their release."""

    type: str
    priority: int
    safety: bool = False
    skills: tuple[str, ...] = ()
    matched: tuple[str, ...] = ()
    rules: str = ""
