"""Media that lie at a vendor are fetched soon after their message is durable, and kept by content.

One process at a time fetches, a few files beside each other. What the vendor no longer has is said to be gone; what
cannot be had now is tried again, later each time, for as long as the vendor keeps it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk.channels.contract import MediaGone
from yizhan.desk.channels.model import Fetched, Media
from yizhan.desk.channels.policy import unpacked
from yizhan.desk.channels.store import SQL
from yizhan.desk.channels.taking import Keep
from yizhan.desk.channels.voice import ask_rendering
from yizhan.desk.intake import Attachment
from yizhan.foundation.clock import Clock
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import DATABASE_TROUBLE, Database, Record
from yizhan.foundation.errors import DomainError, Invalid, TooLarge
from yizhan.foundation.ids import id_time
from yizhan.foundation.journal import Wake
from yizhan.foundation.lease import Lease
from yizhan.foundation.log import get_logger
from yizhan.records import conversations

log = get_logger(__name__)

MEDIA_KINDS = frozenset({"image", "voice", "video", "file", "sticker"})
_AT_ONCE = 4
_FIRST_PAUSE = timedelta(seconds=1)  # the agent looks at a turning wheel meanwhile
_LONGEST_PAUSE = timedelta(hours=1)
_KEPT = timedelta(days=3)  # where the vendor does not say for how long
_NET_SECONDS = 30.0

Fetch = Callable[[UUID, Media], Awaitable[Fetched]]
"""Asks the channel of an inbox for a file. Raises MediaGone, or any other DomainError when it may be had later."""


class MediaFetcher:
    def __init__(self, db: Database, vault: Vault, clock: Clock, lease: Lease, fetch: Fetch, keep: Keep) -> None:
        self.wake = Wake()
        self._db = db
        self._vault = vault
        self._clock = clock
        self._lease = lease
        self._fetch = fetch
        self._keep = keep

    async def run(self) -> None:
        """Until cancelled."""
        async with self._lease:
            while True:
                await self._lease.acquired()
                try:
                    done = await self.step()
                    wait = 0.0 if done else await self._until_next()
                except DATABASE_TROUBLE as error:
                    log.error("media.step_failed", error=repr(error))
                    wait = 1.0
                await self.wake.wait(wait)

    async def step(self) -> int:
        """Fetches what is due; how many were tried."""
        async with self._db.read() as tx:
            rows = await tx.fetch(SQL.due_media, self._clock.now(), _AT_ONCE)
        await asyncio.gather(*map(self._one, rows))
        return len(rows)

    async def _until_next(self) -> float:
        async with self._db.read() as tx:
            due: datetime | None = await tx.fetchval(SQL.next_media)
        if due is None:
            return _NET_SECONDS
        return min(_NET_SECONDS, max(0.05, (due - self._clock.now()).total_seconds()))

    async def _one(self, row: Record) -> None:
        try:
            media = unpacked(self._vault.open(row["ref"], aad=row["message_id"].bytes))
            found = await self._fetch(row["inbox_id"], media)
        except (MediaGone, TooLarge, Invalid) as error:
            await self._settle(row, "gone" if isinstance(error, MediaGone) else "refused", error.message)
        except DomainError as error:
            await self._later(row, error.message)
        else:
            name, kind = found.name or media.name, found.type or media.type
            try:
                kept = await self._keep(found.content, name or media.kind, kind)
            except (TooLarge, Invalid) as error:
                await self._settle(row, "refused", error.message)
                return
            async with self._db.transaction() as tx:
                if await tx.fetchval(SQL.settle_media, row["message_id"], row["place"], "fetched", None) is not None:
                    await conversations.attach(
                        tx, row["message_id"], row["place"], "fetched", attachment=_as_kept(kept), now=self._clock.now()
                    )  # fmt: skip
                    await ask_rendering(tx, row["message_id"], [kept], self._clock.now())

    async def _settle(self, row: Record, state: str, words: str) -> None:
        log.warning("media.not_fetched", message=str(row["message_id"]), state=state, error=words)
        async with self._db.transaction() as tx:
            if await tx.fetchval(SQL.settle_media, row["message_id"], row["place"], state, words[:300]) is not None:
                await conversations.attach(tx, row["message_id"], row["place"], state, now=self._clock.now())

    async def _later(self, row: Record, words: str) -> None:
        now = self._clock.now()
        again = now + min(_LONGEST_PAUSE, _FIRST_PAUSE * (1 << min(row["attempt"], 12)))
        if again >= (row["expires_at"] or _made(row) + _KEPT):
            await self._settle(row, "gone", words)
            return
        log.warning("media.later", message=str(row["message_id"]), attempt=row["attempt"] + 1, error=words)
        async with self._db.transaction() as tx:
            await tx.execute(SQL.later_media, row["message_id"], row["place"], again, words[:300])


def _as_kept(file: Attachment) -> dict[str, object]:
    return {"hash": file.hash, "name": file.name, "type": file.type, "size": file.size, "inline": False}


def _made(row: Record) -> datetime:
    return id_time(row["message_id"])
