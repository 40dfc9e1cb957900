"""Tagging a customer and noting something about him: each is an event, so that every open screen shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from yizhan.foundation.db import Tx
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit
from yizhan.records.remarks import policy, store
from yizhan.records.remarks.model import Remark


async def tag_customer(
    tx: Tx, contact_id: UUID, *, add: Sequence[str], remove: Sequence[str], actor: str, now: datetime
) -> list[str]:
    """The person's tags afterwards. A tag is written as it was the first time, whatever its letters' case."""
    before = await store.tags_of(tx, contact_id)
    wanted = [policy.written_tag(tag) for tag in add]
    known = await store.spelled(tx, wanted)
    given = [tag for tag in dict.fromkeys(known.get(tag.lower(), tag) for tag in wanted) if tag not in before]
    taken = [tag for tag in before if tag in remove and tag not in given]
    if not given and not taken:
        return before
    policy.ensure_room(before, given, taken)
    await store.add_known(tx, [tag for tag in given if tag.lower() not in known], now, actor)
    await store.give(tx, contact_id, given, now, actor)
    await store.take(tx, contact_id, taken)
    await _tell(tx, "contact.tagged", contact_id, actor, now, {"added": given, "removed": taken})
    return await store.tags_of(tx, contact_id)


async def add_remark(tx: Tx, contact_id: UUID, text: str, *, pinned: bool, actor: str, now: datetime) -> Remark:
    remark_id = new_id(now)
    await store.add_remark(tx, remark_id, contact_id, policy.written_remark(text), pinned, actor)
    await _tell(tx, "contact.remarked", contact_id, actor, now, {"remark": remark_id, "pinned": pinned})
    return await store.remark(tx, remark_id)


async def pin_remark(tx: Tx, remark_id: UUID, pinned: bool, *, actor: str, now: datetime) -> None:
    contact_id = await store.pin(tx, remark_id, pinned)
    if contact_id is not None:
        await _tell(tx, "contact.remarked", contact_id, actor, now, {"remark": remark_id, "pinned": pinned})


async def remove_remark(tx: Tx, remark_id: UUID, *, actor: str, now: datetime) -> None:
    """Taken back: nobody sees it any more, and the journal says who did it."""
    contact_id = await store.remove(tx, remark_id, now, actor)
    if contact_id is not None:
        await _tell(tx, "contact.unremarked", contact_id, actor, now, {"remark": remark_id})


async def _tell(tx: Tx, kind: str, contact_id: UUID, actor: str, now: datetime, facts: dict[str, Any]) -> None:
    version = await store.version(tx, contact_id)
    await emit(tx, [Event(
        kind=kind, subject=contact_id, subject_version=version, at=now, actor=actor, contact_id=contact_id, data=facts,
    )])  # fmt: skip
