"""What goes over the wire about macros."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.desk.macros import MacroStep
from yizhan.desk.serving import Standpoint
from yizhan.desk.views import TicketRow
from yizhan.web.shapes import Locale


class MacroOffer(msgspec.Struct):
    """`steps` are what it would do now: none where all of it is so already. `mark` stands for exactly these.
    `suits`: it is meant for tickets of this type."""

    key: str
    title: str
    title_en: str
    suits: bool
    steps: tuple[MacroStep, ...]
    mark: str


class MacroList(msgspec.Struct):
    items: list[MacroOffer]


class MacroRequest(msgspec.Struct):
    """`mark` is of the steps that were read; `locale` is the customer's; `seen` is what was on the screen."""

    mark: Annotated[str, Meta(max_length=64)]
    client_id: Annotated[str, Meta(min_length=1, max_length=100)]
    conversation_id: UUID | None = None
    locale: Locale = "zh-CN"
    seen: Standpoint | None = None


class MacroBefore(msgspec.Struct):
    """What was replaced, where nothing else was done: `PATCH` with it takes it back."""

    type: str
    priority: int
    tags: list[str]


class MacroDone(msgspec.Struct):
    ticket: TicketRow
    before: MacroBefore | None
