"""What goes over the wire about outlets."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.desk.outlets import PostRow

Kind = Literal["wecom", "dingtalk", "feishu", "webhook", "email", "sms"]


class OutletTitle(msgspec.Struct):
    zh: str
    en: str


class OutletShape(msgspec.Struct):
    """`released` is False for what was saved and is not in force. `secrets` that may be set, and which are.

    `waiting`, `sent` and `failed` count the last day; `error` is the latest."""

    name: str
    title: OutletTitle
    kind: Kind
    on: bool
    released: bool
    secrets: list[str]
    secrets_set: list[str]
    waiting: int
    sent: int
    failed: int
    sent_at: datetime | None
    error: str | None


class OutletList(msgspec.Struct):
    items: list[OutletShape]


class SecretsRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What is left out stays; null takes it away."""

    secrets: dict[Annotated[str, Meta(max_length=20)], str | None]


class SecretsShape(msgspec.Struct):
    secrets_set: list[str]


class TestShape(msgspec.Struct):
    """`detail` is what the vendor said."""

    ok: bool
    detail: str


class PostShape(msgspec.Struct):
    id: UUID
    why: str
    level: str
    state: str
    ticket_id: UUID | None
    ticket_number: int | None
    raised_at: datetime
    due_at: datetime
    called_at: datetime | None
    tries: int
    error: str | None


class PostList(msgspec.Struct):
    items: list[PostShape]


def post_shape(row: PostRow) -> PostShape:
    return PostShape(
        row.id, row.why, row.level, row.state, row.ticket_id, row.ticket_number, row.raised_at, row.due_at,
        row.called_at, row.tries, row.error,
    )  # fmt: skip
