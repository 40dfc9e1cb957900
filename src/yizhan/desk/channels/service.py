"""What a channel says of an inbox is put on the inbox, where SQL and every process find it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from yizhan.desk.channels.contract import Adapter
from yizhan.desk.channels.store import SQL
from yizhan.foundation import tokens
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Tx
from yizhan.records import inboxes, outbox

_MEDIA_KEPT, _REPORTS_KEPT = timedelta(days=30), timedelta(days=1)
_MOST = 1_000


async def stand(tx: Tx, adapter: Adapter, inbox_id: UUID, settings: Any) -> None:
    """`settings` are of the adapter's own type."""
    windows = [msgspec.structs.asdict(each) for each in adapter.windows(settings)]
    await inboxes.stand(tx, inbox_id, live=adapter.live, windows=windows, public=adapter.capabilities(settings).public)


async def rewrap_refs(tx: Tx, vault: Vault) -> int:
    """After the master key changed; tokens are got anew."""
    await tokens.drop_tokens(tx)
    rows = await tx.fetch(SQL.waiting_refs)
    for row in rows:
        fresh = vault.rewrap(row["ref"], aad=row["message_id"].bytes)
        await tx.execute(SQL.reseal_ref, row["message_id"], row["place"], fresh)
    return len(rows)


async def forget_old(tx: Tx, now: datetime) -> int:
    """Fetched files stand on their messages; reports nobody's message was found for in a day will find none."""
    media = await tx.fetch(SQL.forget_media, now - _MEDIA_KEPT, _MOST)
    over = await tokens.forget_tokens(tx, now - _MEDIA_KEPT, _MOST)
    return len(media) + over + await outbox.forget_early(tx, now - _REPORTS_KEPT, _MOST)
