"""What goes over the wire about drafts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.records.drafts import DraftDevice

Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Short = Annotated[str, Meta(max_length=300, pattern=r"^[^\x00]*$")]


class DraftFile(msgspec.Struct):
    """A file that was uploaded for it already."""

    hash: Hash
    name: Short
    type: Short
    size: Annotated[int, Meta(ge=0, le=2**40)]


class DraftShape(msgspec.Struct):
    text: str
    note: bool
    attachments: list[DraftFile]
    version: UUID
    device: DraftDevice
    at: datetime


class DraftAnswer(msgspec.Struct):
    draft: DraftShape | None


class DraftRequest(msgspec.Struct):
    """`base` is the version this device has last seen, null for none. Without text and files the draft goes."""

    text: Annotated[str, Meta(max_length=20_000, pattern=r"^[^\x00]*$")]
    device: DraftDevice
    note: bool = False
    attachments: Annotated[list[DraftFile], Meta(max_length=50)] = []
    base: UUID | None = None


class DraftKept(msgspec.Struct):
    """Null when nothing is left to keep."""

    version: UUID | None
