"""The token service: one living access token for each owner and name, asked for by one process at a time.

It is renewed at 80 % of its life. A vendor that refuses one is asked for another, unless somebody got another one
meanwhile, and at most once in thirty seconds: many vendors count how often they are asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import msgspec

from yizhan.foundation.clock import Clock
from yizhan.foundation.crypto import OwnedSecrets, Vault
from yizhan.foundation.db import Database, Tx, load_queries
from yizhan.foundation.errors import DomainError, RateLimited

_RENEW_AT = 0.8
_BETWEEN = timedelta(seconds=30)
_HELD = timedelta(seconds=20)
_LOOKS, _LOOK_SECONDS = 50, 0.2
_DROPPED_AT_ONCE = 50
_SECRETS = OwnedSecrets("channel_token")
SQL = load_queries(__package__)


class Granted(msgspec.Struct, frozen=True):
    """An access token and how long it lives, in seconds."""

    token: str
    expires_in: float


Ask = Callable[[], Awaitable[Granted]]
Renew = Callable[[str, bool], Awaitable[Granted]]
"""Called with what is kept, and whether it is what a person entered, of which nothing is known yet."""


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

    async def token(self, owner: UUID, name: str, ask: Ask) -> str:
        """Raises whatever `ask` raises, and RateLimited when a token just got is refused already."""
        known = self._kept.get((owner, name))
        if known is not None and known.is_young(self._clock.now()):
            return known.token
        for _ in range(_LOOKS):
            kept = await self._read(owner, name)
            now = self._clock.now()
            if kept is not None and kept.is_young(now):
                return kept.token
            if await self._hold(owner, name, now):
                return (await self._renewed(owner, name, ask, now)).token
            if kept is not None and kept.lives(now):
                return kept.token
            await asyncio.sleep(_LOOK_SECONDS)
        raise RateLimited(_LOOK_SECONDS)

    async def refused(self, owner: UUID, name: str, token: str) -> None:
        """Of this very token nothing more is expected; one that took its place meanwhile stays."""
        self._kept.pop((owner, name), None)
        kept = await self._read(owner, name)
        if kept is None or kept.token != token:
            return
        async with self._db.transaction() as tx:
            row = await tx.fetchrow(SQL.token, owner, name)
            if row is not None and row["token"] is not None:
                await tx.execute(SQL.withdraw_token, owner, name, row["token"])
        self._kept.pop((owner, name), None)

    async def lasting(self, first: str, renew: Renew) -> tuple[str, datetime | None]:
        """A token that is renewed by itself, beginning with the `first` one that somebody entered; whoever was given
        the same one shares what became of it.

        Where it cannot be renewed any more the one that still lives is returned with its end. Raises what `renew`
        raises when none does.
        """
        owner, named = UUID(bytes=sha256(first.encode()).digest()[:16]), "lasting"

        async def ask() -> Granted:
            before = await self._read(owner, named)
            return await renew(before.token if before else first, before is None)

        try:
            return await self.token(owner, named, ask), None
        except DomainError:
            kept = await self._read(owner, named)
            if kept is None or not kept.lives(self._clock.now()):
                raise
            return kept.token, kept.expires_at

    async def keep(self, owner: UUID, name: str, token: str, life: timedelta) -> None:
        """Sealed, for so long: what a vendor gives once, with nobody to ask for another. What is over goes then too."""
        now = self._clock.now()
        sealed = _SECRETS.seal(self._vault, owner.bytes, {name: token})
        async with self._db.transaction() as tx:
            await tx.execute(SQL.put_token, owner, name, sealed, now + life, now)
            await tx.execute(SQL.drop_old_tokens, owner, f"{name.partition(':')[0]}:%", now, _DROPPED_AT_ONCE)

    async def kept(self, owner: UUID, name: str) -> str | None:
        """What `keep` was given, while it lives."""
        kept = await self._read(owner, name, remember=False)
        return kept.token if kept is not None and kept.lives(self._clock.now()) else None

    async def _renewed(self, owner: UUID, name: str, ask: Ask, now: datetime) -> _Kept:
        """Looks once more first: whoever held it before may have just brought one."""
        try:
            before = await self._read(owner, name)
            if before is not None and before.is_young(now):
                await self._free(owner, name)
                return before
            # Withdrawn before its time and got only now: whoever is refused again has another trouble than its token.
            if before and before.asked_at and not before.lives(now) and now - before.asked_at < _BETWEEN:
                raise RateLimited((before.asked_at + _BETWEEN - now).total_seconds())
            granted = await ask()
        except BaseException:
            await self._free(owner, name)
            raise
        life = timedelta(seconds=max(1.0, granted.expires_in))
        kept = _Kept(granted.token, now + life * _RENEW_AT, now + life, now)
        sealed = _SECRETS.seal(self._vault, owner.bytes, {name: granted.token})
        async with self._db.transaction() as tx:
            await tx.execute(SQL.keep_token, owner, name, sealed, kept.refresh_at, kept.expires_at, now)
        self._kept[owner, name] = kept
        return kept

    async def _free(self, owner: UUID, name: str) -> None:
        async with self._db.transaction() as tx:
            await tx.execute(SQL.free_token, owner, name)

    async def _hold(self, owner: UUID, name: str, now: datetime) -> bool:
        async with self._db.transaction() as tx:
            return await tx.fetchval(SQL.hold_token, owner, name, now + _HELD, now) is not None

    async def _read(self, owner: UUID, name: str, *, remember: bool = True) -> _Kept | None:
        async with self._db.read() as tx:
            row = await tx.fetchrow(SQL.token, owner, name)
        if row is None or row["token"] is None:
            return None
        opened = _SECRETS.open(self._vault, owner.bytes, row["token"])
        kept = _Kept(opened[name], row["refresh_at"], row["expires_at"], row["asked_at"])
        if remember:
            self._kept[owner, name] = kept
        return kept


async def drop_tokens(tx: Tx) -> None:
    """After the master key changed: they are got anew."""
    await tx.execute(SQL.drop_tokens)


async def forget_tokens(tx: Tx, before: datetime, most: int) -> int:
    return len(await tx.fetch(SQL.forget_tokens, before, most))
