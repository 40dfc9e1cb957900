"""Frames an agent's client sends."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.desk.live import ListName, Watch

Ids = Annotated[list[UUID], Meta(max_length=200)]


class WatchShape(msgspec.Struct, kw_only=True):
    tickets: Ids = []
    contacts: Ids = []
    conversations: Ids = []
    list: ListName = "none"
    queue: bool = False
    visitors: bool = False
    monitor: bool = False
    customers: bool = False


class Hello(msgspec.Struct, tag_field="t", tag="hello", kw_only=True):
    after: str | None = None
    window: Annotated[str, Meta(max_length=64)] | None = None
    watch: WatchShape | Ids = []


class Watching(WatchShape, tag_field="t", tag="watch", kw_only=True):
    """What the screen shows now; replaces what it showed before."""


class Typing(msgspec.Struct, tag_field="t", tag="typing"):
    conversation_id: UUID


class Ping(msgspec.Struct, tag_field="t", tag="ping"):
    """Answered with a pong."""


AgentFrame = Hello | Watching | Typing | Ping


def watch_of(given: WatchShape | list[UUID]) -> Watch:
    """A bare list are the tickets open on the screen."""
    if isinstance(given, list):
        return Watch(tickets=frozenset(given))
    return Watch(
        tickets=frozenset(given.tickets), contacts=frozenset(given.contacts),
        conversations=frozenset(given.conversations), list=given.list, queue=given.queue,
        visitors=given.visitors, monitor=given.monitor, customers=given.customers,
    )  # fmt: skip
