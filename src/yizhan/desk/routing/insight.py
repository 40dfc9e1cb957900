"""The place in the queue and the wait to be expected: what customers are told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk.routing import store
from yizhan.desk.routing.answers import QueueState
from yizhan.desk.routing.model import Chain, Spill, WorkKind
from yizhan.desk.routing.rules import RoutingBook, routing_book
from yizhan.foundation.db import Tx
from yizhan.records import conversations

_LOOK_BACK = timedelta(minutes=15)
_FEW = 3
_LINE_DROPPED = timedelta(minutes=2)
_GUESS_S = 90  # seconds of one turn where nothing was measured yet
_STEP_S, _LONGEST_S = 10, 3600


async def queue_states(
    tx: Tx, ids: Sequence[UUID], *, now: datetime, book: RoutingBook | None = None
) -> dict[UUID, QueueState]:
    """The places to tell customers, which never rise, and the waits to expect; without those who do not queue.

    They are those of the order in which people are served, lifted by waiting as there.
    """
    found = await store.places(tx, ids, book or routing_book(), now)
    if not found:
        return {}
    told = await conversations.tell_positions(tx, {id: place for id, (place, _) in found.items()})
    paces = {team: await store.pace(tx, team, now - _LOOK_BACK) for team in {team for _, team in found.values()}}
    return {id: QueueState(place, expected_wait(place, *paces[found[id][1]])) for id, place in told.items()}


async def queue_state(
    tx: Tx, conversation_id: UUID, *, now: datetime, book: RoutingBook | None = None
) -> QueueState | None:
    """One place; None when the conversation does not queue."""
    return (await queue_states(tx, [conversation_id], now=now, book=book)).get(conversation_id)


async def can_take(
    tx: Tx, inbox_id: UUID, team_id: UUID | None, *, queue_cap: int, now: datetime, chains: Iterable[Chain] = ()
) -> bool:
    """Whether queueing in this inbox leads to somebody. A skill nobody has ends no queue: it is not needed for ever.

    `chains` are the teams that help each other: who helps this one counts too. `queue_cap` 0 is none. A line that
    dropped a moment ago is no absence: a page was loaded anew.
    """
    helpers = [step.team_id for chain in chains if chain.team_id == team_id for step in chain.steps]
    if not await store.on_duty(tx, team_id, now - _LINE_DROPPED, helpers):
        return False
    return queue_cap == 0 or await store.queue_length(tx, inbox_id) < queue_cap


async def spills(tx: Tx) -> list[Spill]:
    """Which teams others help just now."""
    return list((await store.overflows(tx)).values())


async def helped_out(tx: Tx, team_id: UUID, count: int) -> dict[WorkKind, list[UUID]]:
    """What others have of an overrun team's work just now."""
    found: dict[WorkKind, list[UUID]] = {kind: [] for kind in WorkKind}
    for kind, work_id in await store.helped_out(tx, team_id, count):
        found[kind].append(work_id)
    return found


def expected_wait(position: int, served: int, people: int) -> int:
    """By the pace of the last quarter of an hour; a guess where too little was measured. Seconds, in tens."""
    turn = _LOOK_BACK.total_seconds() / served if served >= _FEW else _GUESS_S / max(1, people)
    wait = min(_LONGEST_S, position * turn)
    return max(_STEP_S, int(-(-wait // _STEP_S)) * _STEP_S)
