"""The token service: one living access token for each inbox and name, asked for by one process at a time.

It is renewed at 80 % of its life. A vendor that refuses one is asked for another, unless somebody got another one
meanwhile, and at most once in thirty seconds: many vendors count how often they are asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.desk.channels.contract import Granted
from yizhan.desk.channels.store import SQL
from yizhan.foundation.clock import Clock
from yizhan.foundation.crypto import OwnedSecrets, Vault
from yizhan.foundation.db import Database
from yizhan.foundation.errors import RateLimited

_RENEW_AT = 0.8
_BETWEEN = timedelta(seconds=30)
_HELD = timedelta(seconds=20)
_LOOKS, _LOOK_SECONDS = 50, 0.2
_SECRETS = OwnedSecrets("channel_token")
Ask = Callable[[], Awaitable[Granted]]


class _Kept(msgspec.Struct, frozen=True):
    token: str
    refresh_at: datetime | None
    expires_at: datetime | None
    asked_at: datetime | None

    def lives(self, now: datetime) -> bool:
        return self.expires_at is not None and now < self.expires_at

    def is_young(self, now: datetime) -> bool:
        return self.refresh_at is not None and now < self.refresh_at


class Tokens:
    def __init__(self, db: Database, vault: Vault, clock: Clock) -> None:
        self._db = db
        self._vault = vault
        self._clock = clock
        self._kept: dict[tuple[UUID, str], _Kept] = {}

    async def token(self, inbox_id: UUID, name: str, ask: Ask) -> str:
        """Raises whatever `ask` raises, and RateLimited when a token just got is refused already."""
        known = self._kept.get((inbox_id, name))
        if known is not None and known.is_young(self._clock.now()):
            return known.token
        for _ in range(_LOOKS):
            kept = await self._read(inbox_id, name)
            now = self._clock.now()
            if kept is not None and kept.is_young(now):
                return kept.token
            if await self._hold(inbox_id, name, now):
                return (await self._renewed(inbox_id, name, ask, now)).token
            if kept is not None and kept.lives(now):
                return kept.token
            await asyncio.sleep(_LOOK_SECONDS)
        raise RateLimited(_LOOK_SECONDS)

    async def refused(self, inbox_id: UUID, name: str, token: str) -> None:
        """Of this very token nothing more is expected; one that took its place meanwhile stays."""
        self._kept.pop((inbox_id, name), None)
        kept = await self._read(inbox_id, name)
        if kept is None or kept.token != token:
            return
        async with self._db.transaction() as tx:
            row = await tx.fetchrow(SQL.token, inbox_id, name)
            if row is not None and row["token"] is not None:
                await tx.execute(SQL.withdraw_token, inbox_id, name, row["token"])
        self._kept.pop((inbox_id, name), None)

    async def _renewed(self, inbox_id: UUID, name: str, ask: Ask, now: datetime) -> _Kept:
        """Looks once more first: whoever held it before may have just brought one."""
        try:
            before = await self._read(inbox_id, name)
            if before is not None and before.is_young(now):
                await self._free(inbox_id, name)
                return before
            # Withdrawn before its time and got only now: whoever is refused again has another trouble than its token.
            if before and before.asked_at and not before.lives(now) and now - before.asked_at < _BETWEEN:
                raise RateLimited((before.asked_at + _BETWEEN - now).total_seconds())
            granted = await ask()
        except BaseException:
            await self._free(inbox_id, name)
            raise
        life = timedelta(seconds=max(1.0, granted.expires_in))
        kept = _Kept(granted.token, now + life * _RENEW_AT, now + life, now)
        sealed = _SECRETS.seal(self._vault, inbox_id.bytes, {name: granted.token})
        async with self._db.transaction() as tx:
            await tx.execute(SQL.keep_token, inbox_id, name, sealed, kept.refresh_at, kept.expires_at, now)
        self._kept[inbox_id, name] = kept
        return kept

    async def _free(self, inbox_id: UUID, name: str) -> None:
        async with self._db.transaction() as tx:
            await tx.execute(SQL.free_token, inbox_id, name)

    async def _hold(self, inbox_id: UUID, name: str, now: datetime) -> bool:
        async with self._db.transaction() as tx:
            return await tx.fetchval(SQL.hold_token, inbox_id, name, now + _HELD, now) is not None

    async def _read(self, inbox_id: UUID, name: str) -> _Kept | None:
        async with self._db.read() as tx:
            row = await tx.fetchrow(SQL.token, inbox_id, name)
        if row is None or row["token"] is None:
            return None
        opened = _SECRETS.open(self._vault, inbox_id.bytes, row["token"])
        kept = _Kept(opened[name], row["refresh_at"], row["expires_at"], row["asked_at"])
        self._kept[inbox_id, name] = kept
        return kept
