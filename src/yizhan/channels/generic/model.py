"""What another system sends us."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

Id = Annotated[str, Meta(min_length=1, max_length=200)]
MOST_MESSAGES = 100
MOST_FILES = 10


class GenericFile(msgspec.Struct, frozen=True):
    """With its content, or where it lies."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    type: Annotated[str, Meta(max_length=100)] = "application/octet-stream"
    content_base64: str | None = None
    url: Annotated[str, Meta(max_length=2_000, pattern=r"^https?://")] | None = None


class GenericSender(msgspec.Struct, frozen=True):
    """`phone`, `email` and `unionid` are the customer's own, as the other system has proved: who proved the same
    to us lately is the same person. What he only typed does not belong here."""

    id: Id
    name: Annotated[str, Meta(max_length=200)] = ""
    phone: Annotated[str, Meta(max_length=40)] | None = None
    email: Annotated[str, Meta(max_length=254)] | None = None
    unionid: Annotated[str, Meta(max_length=200)] | None = None


class GenericMessage(msgspec.Struct, frozen=True, rename={"sender": "from"}, kw_only=True):
    """`id` is the sender's own and makes every delivery of the message the same; `at` is when it was written."""

    id: Id
    sender: GenericSender
    text: Annotated[str, Meta(max_length=20_000)] = ""
    at: datetime | None = None
    attachments: Annotated[tuple[GenericFile, ...], Meta(max_length=MOST_FILES)] = ()
    conversation: Annotated[str, Meta(max_length=200)] | None = None
    order_no: Annotated[str, Meta(max_length=60)] | None = None
