"""The inboxes behind signed hooks, remembered for a moment: a busy hook would ask for the same row at every message."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable

import msgspec

from yizhan.channels.generic import GenericSecret
from yizhan.desk.channels import Account, Adapter
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Database
from yizhan.foundation.errors import NotFound
from yizhan.records.inboxes import Channel, Inbox, inbox_by_key, secrets_of
from yizhan.web.channel_house import ChannelHouse

SECONDS = 1.0
"""For so long a withdrawn secret may still be taken."""
_MOST = 1_000


class HookDoor(msgspec.Struct, frozen=True):
    """An inbox and its secrets, both of its channel's own types; the account where the channel is an adapter."""

    inbox: Inbox
    secret: GenericSecret
    account: Account | None = None
    adapter: Adapter | None = None


class HookDoors:
    """Only what is there is kept, so strangers who try addresses leave nothing behind."""

    def __init__(self, ticks: Callable[[], float] = time.monotonic) -> None:
        self._ticks = ticks
        self._doors: OrderedDict[str, tuple[float, HookDoor]] = OrderedDict()
        self._asked: dict[str, asyncio.Task[HookDoor]] = {}

    async def find(self, db: Database, vault: Vault, key: str, channels: ChannelHouse | None = None) -> HookDoor:
        """Raises NotFound for a key that is no hook's, or of one that is switched off."""
        until, door = self._doors.get(key, (0.0, None))
        if door is not None and self._ticks() < until:
            return door
        asked = self._asked.get(key)
        if asked is None:  # all who come meanwhile wait for the one answer
            asked = self._asked[key] = asyncio.create_task(self._ask(db, vault, key, channels))
        return await asyncio.shield(asked)

    async def _ask(self, db: Database, vault: Vault, key: str, channels: ChannelHouse | None) -> HookDoor:
        until = self._ticks() + SECONDS
        self._doors.pop(key, None)
        try:
            door = await _read(db, vault, key, channels)
        finally:
            del self._asked[key]
        self._doors[key] = until, door
        if len(self._doors) > _MOST:
            self._doors.popitem(last=False)
        return door


async def _read(db: Database, vault: Vault, key: str, channels: ChannelHouse | None) -> HookDoor:
    async with db.read() as tx:
        inbox = await inbox_by_key(tx, vault, key)
        if not inbox.enabled:
            raise NotFound("no such hook")
        kept = await secrets_of(tx, vault, inbox.id)
    if inbox.channel == Channel.GENERIC:
        return HookDoor(inbox, GenericSecret(secret=kept.get("secret", ""), secret_next=kept.get("secret_next", "")))
    found = channels.find(inbox.channel) if channels is not None else None
    if found is None or found.hear is None or channels is None:
        raise NotFound("no such hook")
    return HookDoor(inbox, GenericSecret(), channels.account(found, inbox, kept), found)
