"""What a web process remembers of a visitor, told to the others: his next request may come to any of them.

Sealed on its way: an address of a page may say more of its visitor than a bus should know.
"""

from __future__ import annotations

import asyncio
import os
from typing import Generic, TypeVar
from uuid import UUID

import msgspec

from yizhan.foundation.bus import MAX_PAYLOAD, Bus
from yizhan.foundation.crypto import Unreadable, Vault
from yizhan.foundation.log import get_logger
from yizhan.web.widget_memory import Kept, Page, WidgetMemory

log = get_logger(__name__)

Value = TypeVar("Value")
_ME_BYTES = 8


class _Told(msgspec.Struct, Generic[Value], array_like=True):
    """Without a value: forgotten."""

    by: bytes
    blind: bytes
    value: Value | None


class Shared(Kept[Value]):
    """A put or a pop here is one in every process, a moment later."""

    def __init__(self, decoder: msgspec.msgpack.Decoder[_Told[Value]], topic: str, bus: Bus, vault: Vault) -> None:
        super().__init__()
        self._decoder = decoder
        self._topic = topic
        self._bus = bus
        self._vault = vault
        self._me = os.urandom(_ME_BYTES)
        self._telling: set[asyncio.Task[None]] = set()
        bus.subscribe(topic, self._heard)

    def put(self, blind: bytes, value: Value) -> None:
        super().put(blind, value)
        self._tell(blind, value)

    def pop(self, blind: bytes) -> Value | None:
        value = super().pop(blind)
        self._tell(blind, None)
        return value

    def _tell(self, blind: bytes, value: Value | None) -> None:
        told = msgspec.msgpack.encode(_Told(self._me, blind, value))
        sealed = self._vault.seal(told, aad=self._topic.encode())
        if len(sealed) > MAX_PAYLOAD:  # an address far too long: only this process knows it
            return
        task = asyncio.create_task(self._bus.publish(self._topic, sealed))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    def _heard(self, payload: bytes) -> None:
        try:
            told = self._decoder.decode(self._vault.open(payload, aad=self._topic.encode()))
        except (Unreadable, msgspec.DecodeError) as strange:
            log.warning("memory.not_ours", topic=self._topic, error=repr(strange))
            return
        if told.by == self._me:
            return
        if told.value is None:
            super().pop(told.blind)
        else:
            super().put(told.blind, told.value)


def shared_memory(bus: Bus, vault: Vault) -> WidgetMemory:
    """How often somebody did something stays counted by process: with more of them there is more room."""
    memory = WidgetMemory()
    memory.pages = Shared(msgspec.msgpack.Decoder(_Told[Page]), "widget.page", bus, vault)
    memory.visits = Shared(msgspec.msgpack.Decoder(_Told[UUID]), "widget.visit", bus, vault)
    return memory
