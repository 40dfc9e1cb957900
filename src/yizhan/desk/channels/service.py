"""What a channel says of an inbox is put on the inbox, where SQL and every process find it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from yizhan.desk.channels.contract import Adapter
from yizhan.foundation.db import Tx
from yizhan.records import inboxes


async def stand(tx: Tx, adapter: Adapter, inbox_id: UUID, settings: Any) -> None:
    """`settings` are of the adapter's own type."""
    windows = [msgspec.structs.asdict(each) for each in adapter.windows(settings)]
    await inboxes.stand(tx, inbox_id, live=adapter.live, windows=windows, public=adapter.capabilities(settings).public)
