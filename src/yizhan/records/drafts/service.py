"""Keeping a draft, opening it, and letting old ones go."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.foundation.crypto import DataKey
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict
from yizhan.foundation.ids import new_id
from yizhan.records.drafts import store
from yizhan.records.drafts.model import Content, DraftDevice, Sealed

KEPT_FOR = timedelta(days=30)
_ELSEWHERE = "another device wrote here meanwhile"


async def keep(
    tx: Tx, key: DataKey, agent_id: UUID, conversation_id: UUID, contact_id: UUID, content: Content, *, note: bool,
    base: UUID | None, device: DraftDevice, now: datetime,
) -> UUID | None:  # fmt: skip
    """`base` is what his device had last seen here. The new version; None when nothing is left to keep: an empty one
    takes the draft away. Raises Conflict where another draft of his lies: he chooses, nothing is written over."""
    if content.empty:
        await store.drop(tx, agent_id, conversation_id, base)
        if await store.draft(tx, agent_id, conversation_id) is not None:
            raise Conflict(_ELSEWHERE)
        return None
    sealed = key.seal(msgspec.json.encode(content), aad=_place(agent_id, conversation_id))
    made = Sealed(contact_id=contact_id, note=note, sealed=sealed, version=new_id(now), device=device, at=now)
    if not await store.put(tx, agent_id, conversation_id, made, base):
        raise Conflict(_ELSEWHERE)
    return made.version


async def end(tx: Tx, agent_id: UUID, conversation_id: UUID, version: UUID) -> None:
    """It was sent: what has been written there since is another draft, and stays."""
    await store.drop(tx, agent_id, conversation_id, version)


def opened(of: Sealed, key: DataKey, agent_id: UUID, conversation_id: UUID) -> Content:
    """Raises Unreadable when the contact's key is another by now."""
    return msgspec.json.decode(key.open(of.sealed, aad=_place(agent_id, conversation_id)), type=Content)


async def forget_old(tx: Tx, now: datetime) -> int:
    """A task of the night: how many were deleted, at most a few thousand at a time."""
    return await store.forget(tx, now - KEPT_FOR)


def _place(agent_id: UUID, conversation_id: UUID) -> bytes:
    return agent_id.bytes + conversation_id.bytes
