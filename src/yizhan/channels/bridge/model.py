"""What a partner tells us, and what he is told. Everything it may say besides is left unread."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

Id = Annotated[str, Meta(min_length=1, max_length=200)]
MOST_EVENTS = 100
MOST_FILES = 10


class Customer(msgspec.Struct, frozen=True):
    """`phone`, `email` and `unionid` are his own as the network has proved; what he typed does not belong here."""

    id: Id
    name: Annotated[str, Meta(max_length=200)] = ""
    phone: Annotated[str, Meta(max_length=40)] | None = None
    email: Annotated[str, Meta(max_length=254)] | None = None
    unionid: Annotated[str, Meta(max_length=200)] | None = None


class File(msgspec.Struct, frozen=True):
    """With its content, or where it lies and until when."""

    kind: str = "file"
    name: Annotated[str, Meta(max_length=200)] = ""
    type: Annotated[str, Meta(max_length=100)] = ""
    content_base64: str | None = None
    url: Annotated[str, Meta(max_length=2_000, pattern=r"^https?://")] | None = None
    expires_at: datetime | None = None


class Message(msgspec.Struct, frozen=True):
    """`kind` decides which of the cards below is read: text image voice video file location link card order sticker."""

    id: Annotated[str, Meta(max_length=200)] = ""
    kind: Annotated[str, Meta(max_length=60)] = "text"
    text: Annotated[str, Meta(max_length=20_000)] = ""
    attachments: Annotated[tuple[File, ...], Meta(max_length=MOST_FILES)] = ()
    order_number: Annotated[str, Meta(max_length=60)] | None = None
    order: dict[str, Any] | None = None
    location: dict[str, Any] | None = None
    link: dict[str, Any] | None = None
    card: dict[str, Any] | None = None
    sticker: dict[str, Any] | None = None


class Deed(msgspec.Struct, frozen=True):
    """Something a customer did that is no message: follow, enter, order_placed …"""

    kind: Annotated[str, Meta(min_length=1, max_length=60)]
    detail: dict[str, str] = {}


class Status(msgspec.Struct, frozen=True):
    """What became of a message of ours: `message_id` is what the partner answered to it, or our own id of it."""

    message_id: Id
    state: str
    error_class: str = ""
    error: Annotated[str, Meta(max_length=1_000)] = ""


class Taken(msgspec.Struct, frozen=True):
    """A customer took this message back."""

    message_id: Id


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One event; `event_id` is the same at every delivery of it."""

    event_id: Id
    type: Annotated[str, Meta(max_length=60)]
    at: datetime | None = None
    customer: Customer | None = None
    message: Message | None = None
    event: Deed | None = None
    status: Status | None = None
    recall: Taken | None = None


class Refused(msgspec.Struct, frozen=True):
    """How the partner says why something was not sent; `error_class` is one of the desk's."""

    message_id: str = ""
    error_class: str = ""
    error: str = ""
