"""What goes over the wire about words and replies that wait."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.desk.words import Hit
from yizhan.web.conversations.shapes import HeldReply

Text = Annotated[str, Meta(max_length=20_000, pattern=r"^[^\x00]*$")]
Reason = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^\x00]*$")]


class WordsCheck(msgspec.Struct):
    """`conversation_id` says by which dictionaries; without one by those of the house."""

    text: Text
    conversation_id: UUID | None = None
    files: Annotated[list[Text], Meta(max_length=20)] = []


class HitShape(msgspec.Struct):
    """A place in the text, or in the name of a file."""

    start: int
    end: int
    word: str
    level: str
    title: str
    hint: str
    title_en: str
    hint_en: str
    file: int | None = None


class WordsFound(msgspec.Struct):
    """`level` is the gravest: remind, review or block."""

    level: str | None
    items: list[HitShape]


class HeldRow(msgspec.Struct):
    """A reply that waits, with who wrote it and to whom."""

    reply: HeldReply
    author_name: str
    contact_name: str
    ticket_id: UUID | None
    ticket_number: int | None


class WaitingReplies(msgspec.Struct):
    items: list[HeldRow]


class HeldReplies(msgspec.Struct):
    items: list[HeldReply]


class RefusalRequest(msgspec.Struct):
    reason: Reason


def hit_shape(hit: Hit, file: int | None = None) -> HitShape:
    return HitShape(
        hit.start, hit.end, hit.word, hit.level.value, hit.title, hit.hint, hit.title_en or hit.title,
        hit.hint_en or hit.hint, file,
    )  # fmt: skip
