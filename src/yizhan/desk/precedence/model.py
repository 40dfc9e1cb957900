"""How far the walk through all customers is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec


class Believing(msgspec.Struct, frozen=True):
    """`total` and `done` count contacts of whom some source has spoken, `changed` those of whom something else is
    believed now. `digest` tells one order of sources from another."""

    id: UUID
    digest: str
    state: str
    total: int
    done: int
    changed: int
    after: UUID
    created_at: datetime
    ended_at: datetime | None
