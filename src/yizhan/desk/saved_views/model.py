"""A view, what it selects, and how somebody orders his."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

MOST = 40
"""Views one person keeps; he sees his teams' besides."""
COUNTED_TO = 100
"""Nothing is counted further: the screen says 99+."""


class Among(StrEnum):
    """Among whose tickets a view looks."""

    MINE = "mine"
    TEAM = "team"
    UNASSIGNED = "unassigned"
    ALL = "all"


class SavedView(msgspec.Struct, frozen=True):
    """`owner_id` keeps it; with `team_id` the members of that team have it too."""

    id: UUID
    owner_id: UUID
    owner_name: str
    team_id: UUID | None
    name: str
    base: Among
    when: dict[str, Any]
    version: int


class Selection(msgspec.Struct, frozen=True):
    """One page: the newest first, after the place of the last row of the page before."""

    base: Among
    when: dict[str, Any]
    after: tuple[datetime, UUID] | None = None
    limit: int = 50


class ViewOrder(msgspec.Struct, frozen=True):
    """Views that `ids` does not name stand behind. `opens` is a base or the id of a view."""

    ids: tuple[UUID, ...] = ()
    opens: str = "mine"
