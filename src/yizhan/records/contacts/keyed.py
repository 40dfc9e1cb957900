"""An identifier made ready to be looked up: normalised, masked, with its blind index."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from yizhan.foundation.crypto import Vault
from yizhan.records.contacts import kinds
from yizhan.records.contacts.model import Identifier

_ACCOUNTS = frozenset({"user", "unionid"})
"""What a platform numbers its accounts by is nobody else's ever: it needs no proof of its own."""


class Keyed(NamedTuple):
    """`links`: two who have proved it are one person."""

    kind: str
    value: str
    blind: bytes
    masked: str
    links: bool
    inbox_id: UUID | None
    verified_at: datetime | None


def keyed(vault: Vault, given: Identifier) -> Keyed:
    """Raises Invalid with a sentence about the value."""
    value = kinds.normalise(given.kind, given.value)
    scope = f"{given.inbox_id}:" if given.inbox_id is not None else ""
    return Keyed(
        given.kind, value, vault.blind(kinds.blind_kind(given.kind), scope + value), kinds.mask(given.kind, value),
        kinds.may_link(given.kind, value), given.inbox_id, given.verified_at,
    )  # fmt: skip


def is_proof(kind: str, verified_at: datetime | None, now: datetime) -> bool:
    """Whether one of this kind proves something today."""
    return kind in _ACCOUNTS or (verified_at is not None and kinds.is_fresh(kind, verified_at, now))
