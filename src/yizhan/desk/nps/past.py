"""A survey that was made before, or elsewhere: its run and its answers as they are told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from yizhan.desk.nps import store
from yizhan.desk.nps.model import Run, RunState, Told
from yizhan.foundation.db import Tx


async def take_over(tx: Tx, run: Run, asked: Sequence[Told], spared: dict[str, int], ended_at: datetime) -> list[UUID]:
    """Nobody is asked or called back by it. The ids of the invitations, in the order of `asked`; none where the period
    is known already."""
    if not await store.add_run(tx, run):
        return []
    considered = len(asked) + sum(spared.values())
    await store.gathered(tx, run.id, run.cursor, considered, spared, RunState.ANSWERING)
    ids = await store.take_over(tx, run.id, asked)
    await store.put_state(tx, run.id, RunState.CLOSED, ended_at)
    return ids
