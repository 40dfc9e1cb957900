"""Which rows a viewer may see: the one place that decides it, for lists, for single rows and for frames."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from yizhan.records.agents import Scope, Viewer


class Scoped(Protocol):
    """A row with what its visibility hangs on."""

    @property
    def brand_id(self) -> UUID | None: ...
    @property
    def team_id(self) -> UUID | None: ...
    @property
    def agent_id(self) -> UUID | None: ...


def sees(viewer: Viewer, row: Scoped) -> bool:
    """The same predicate as in `tickets_page` and `queue` of queries.sql; a test holds them together."""
    if viewer.scope is Scope.ALL or row.agent_id == viewer.agent_id:
        return True
    if viewer.scope is Scope.OWN:
        return False
    if viewer.scope is Scope.BRAND and row.brand_id in viewer.brand_ids:
        return True
    return row.team_id is None or row.team_id in viewer.team_ids
