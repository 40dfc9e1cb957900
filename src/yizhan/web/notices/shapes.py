"""What goes over the wire about notices."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.desk.notices import NoticeKind, NoticeRow
from yizhan.desk.outlets import Quiet

Kind = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[a-z][a-z0-9_]*$")]


class NoticeList(msgspec.Struct):
    """Newest first. `before` is where the next page begins, null at the end."""

    items: list[NoticeRow]
    unread: int
    before: UUID | None
    kinds: list[NoticeKind] = []


class ReadNotices(msgspec.Struct, forbid_unknown_fields=True):
    """Without ids: all of them, of one kind where one is named."""

    ids: Annotated[list[UUID], Meta(max_length=200)] | None = None
    kind: Kind | None = None


class QuietHours(msgspec.Struct, forbid_unknown_fields=True):
    """Null: none. What is critical, or a call, is heard at all hours."""

    quiet: Quiet | None


class MuteRequest(msgspec.Struct, forbid_unknown_fields=True):
    why: Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[a-z][a-z0-9_.+]*$")]
    muted: bool


class MutedKinds(msgspec.Struct):
    items: list[str]


class UnreadShape(msgspec.Struct):
    unread: int


class NoticeNews(msgspec.Struct, frozen=True):
    """On the socket: how many are unread now, and the notice that came; none when some were read elsewhere.
    `quiet`: it came in his quiet hours, and makes no sound."""

    unread: int
    notice: NoticeRow | None
    quiet: bool = False
