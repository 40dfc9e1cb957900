"""The house is given another look."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict
from yizhan.foundation.journal import Event, emit
from yizhan.records.look import policy, store
from yizhan.records.look.model import Look

HOUSE = UUID(int=0)


async def change(tx: Tx, color: str, logo: str | None, *, version: int, actor: str, now: datetime) -> Look:
    """`logo` is the hash of a picture that was taken. Raises Conflict when somebody else changed it meanwhile."""
    kept = await store.change(tx, policy.ensure_color(color), logo, version)
    if kept is None:
        raise Conflict("somebody else changed the look meanwhile: read it again")
    await emit(tx, [Event(
        kind="look.changed", subject=HOUSE, subject_version=kept.version, at=now, actor=actor,
        data={"color": kept.color, "logo": kept.logo},
    )])  # fmt: skip
    return kept
