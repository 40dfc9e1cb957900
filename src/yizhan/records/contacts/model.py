"""Contacts as they came, persons as linked groups of them, identities on which all facts hang."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec


class Strength(StrEnum):
    PROVED = "proved"  # a fresh verified primary identifier
    CLAIMED = "claimed"  # typed by the visitor, then seen as an authenticated sender: shown 未验证
    JUDGED = "judged"  # a reviewer's or a score's decision


class Contact(msgspec.Struct, frozen=True):
    id: UUID
    person_id: UUID
    name: str
    level: int
    locale: str | None
    fields: dict[str, Any]
    created_at: datetime
    version: int


class Identifier(msgspec.Struct, frozen=True):
    """What somebody is known by, as it was told. `verified_at`: when it was proved to be his, None where it never was.

    A platform's own ids are unique within one inbox: then `inbox_id` says in which.
    """

    kind: str
    value: str
    verified_at: datetime | None = None
    inbox_id: UUID | None = None


class Reached(msgspec.Struct, frozen=True):
    """Whose it is, and the identity on which facts hang. `grown`: he was known, and is by more identifiers now."""

    contact_id: UUID
    identity_id: UUID
    created: bool
    grown: bool = False


class Newcomer(msgspec.Struct, frozen=True):
    """What is known of a contact that is about to be made."""

    name: str = ""
    level: int = 0
    fields: dict[str, Any] = {}
    locale: str | None = None


class Card(msgspec.Struct, frozen=True):
    """What is known of a contact, as it stands in his row."""

    id: UUID
    name: str
    level: int
    fields: dict[str, Any]
    data_key: bytes
    version: int


class Claimed(msgspec.Struct, frozen=True):
    """An address that somebody left as his, by its blind index: nothing has proved it."""

    blind: bytes
    masked: str


class ClaimRow(msgspec.Struct, frozen=True):
    """What somebody says is his, with whose contact said it."""

    contact_id: UUID
    kind: str
    blind: bytes
    masked: str
    at: datetime


class Identity(msgspec.Struct, frozen=True):
    """`sealed` opens with the contact's own key, bound to the identity's id."""

    id: UUID
    contact_id: UUID
    kind: str
    rank: str
    masked: str
    sealed: bytes
    inbox_id: UUID | None
    verified_at: datetime | None
    data_key: bytes


class Link(msgspec.Struct, frozen=True):
    id: UUID
    a_contact: UUID
    b_contact: UUID
    strength: Strength
    evidence: dict[str, Any]
    actor: str
    at: datetime
