"""A remark about a customer."""

from __future__ import annotations

from uuid import UUID

import msgspec

MOST_TAGS = 30
"""Of one person."""


class Remark(msgspec.Struct, frozen=True):
    """`by` is the actor who wrote it, `name` his name; the id carries the time."""

    id: UUID
    contact_id: UUID
    text: str
    pinned: bool
    by: str
    name: str | None
