"""Going on with the guide, from whichever device."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid
from yizhan.records.guides import store
from yizhan.records.guides.model import GuideCourse, GuideState, Walk


async def walk(tx: Tx, agent_id: UUID, course: GuideCourse, now: datetime) -> Walk:
    """Of somebody who has not begun: the first round, from now on."""
    return await store.walk(tx, agent_id, course) or Walk(1, now)


async def go_on(
    tx: Tx,
    agent_id: UUID,
    course: GuideCourse,
    round: int,
    done: Sequence[str],
    state: GuideState | None,
    now: datetime,
) -> Walk:
    """What he is at now. Of an earlier round nothing is taken; the next one begins it anew. Raises Invalid for a round
    that nobody could have come to."""
    if round > (await walk(tx, agent_id, course, now)).round + 1:
        raise Invalid("begin the guide again from where it is", "round")
    await store.go_on(tx, agent_id, course, round, done, state, now)
    return await walk(tx, agent_id, course, now)
