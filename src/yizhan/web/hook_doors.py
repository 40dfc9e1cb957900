"""The inboxes behind signed hooks, remembered for a moment: a busy hook would ask for the same row at every message."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

import msgspec

from yizhan.channels.generic import GenericSecret
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Database
from yizhan.foundation.errors import NotFound
from yizhan.records.inboxes import Channel, Inbox, inbox_by_key, secrets_of

SECONDS = 1.0
"""For so long a withdrawn secret may still be taken."""
_MOST = 1_000


class HookDoor(msgspec.Struct, frozen=True):
    inbox: Inbox
    secret: GenericSecret


class HookDoors:
    """Only what is there is kept, so strangers who try addresses leave nothing behind."""

    def __init__(self, ticks: Callable[[], float] = time.monotonic) -> None:
        self._ticks = ticks
        self._doors: OrderedDict[str, tuple[float, HookDoor]] = OrderedDict()

    async def find(self, db: Database, vault: Vault, key: str) -> HookDoor:
        """Raises NotFound for a key that is no hook's, or of one that is switched off."""
        now = self._ticks()
        until, door = self._doors.get(key, (now, None))
        if door is None or until <= now:
            self._doors.pop(key, None)
            door = await _read(db, vault, key)
            self._doors[key] = now + SECONDS, door
            if len(self._doors) > _MOST:
                self._doors.popitem(last=False)
        return door


async def _read(db: Database, vault: Vault, key: str) -> HookDoor:
    async with db.read() as tx:
        inbox = await inbox_by_key(tx, vault, key)
        if inbox.channel is not Channel.GENERIC or not inbox.enabled:
            raise NotFound("no such hook")
        kept = await secrets_of(tx, vault, inbox.id)
    return HookDoor(inbox, GenericSecret(secret=kept.get("secret", ""), secret_next=kept.get("secret_next", "")))
