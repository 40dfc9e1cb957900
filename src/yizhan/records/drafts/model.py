"""The words of drafts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec


class DraftDevice(StrEnum):
    PHONE = "phone"
    TABLET = "tablet"
    COMPUTER = "computer"


class File(msgspec.Struct, frozen=True):
    """A file that the server has, as the composer shows it."""

    hash: str
    name: str
    type: str
    size: int


class Content(msgspec.Struct, frozen=True):
    """What is sealed."""

    text: str
    files: tuple[File, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.text.strip() and not self.files


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """As it lies here. `version` names this very text: a draft that was dropped and begun anew is another."""

    contact_id: UUID
    note: bool
    sealed: bytes
    version: UUID
    device: DraftDevice
    at: datetime
