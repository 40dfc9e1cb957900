"""Sessions as the vendor counts them. It lets us write in state 0 and 1 only, so what begins is taken into 1.

Which state may follow which is the vendor's table.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import IntEnum

from yizhan.channels.wechat.kf.people import memory_of
from yizhan.channels.wechat.qyapi import call
from yizhan.channels.wechat.xml import text_of
from yizhan.desk.channels import Line
from yizhan.foundation.errors import DomainError
from yizhan.foundation.log import get_logger

log = get_logger(__name__)

_AT_ONCE = 8


class State(IntEnum):
    NEW = 0
    OURS = 1
    POOL = 2
    SERVICER = 3
    ENDED = 4


MOVES: Mapping[State, frozenset[State]] = {
    State.NEW: frozenset({State.OURS, State.POOL, State.SERVICER, State.ENDED}),
    State.OURS: frozenset({State.POOL, State.SERVICER, State.ENDED}),
    State.POOL: frozenset({State.SERVICER, State.ENDED}),
    State.SERVICER: frozenset({State.SERVICER, State.ENDED}),
    State.ENDED: frozenset(),
}


async def state_of(line: Line, customer: str) -> State:
    """Raises what a call raises."""
    answer = await call(line, "/cgi-bin/kf/service_state/get", _whose(line, customer))
    try:
        return State(int(text_of(answer, "service_state") or 0))
    except ValueError:
        return State.SERVICER  # a state that is new is not one of ours


async def keep(line: Line, customers: Iterable[str], now: datetime) -> None:
    """Sessions of these are ours, where they still can be. What fails is tried at the next message."""
    memory, limit = memory_of(line), asyncio.Semaphore(_AT_ONCE)
    wanted = [id for id in dict.fromkeys(customers) if memory.kept.get(id, now) <= now]

    async def one(id: str) -> None:
        async with limit:
            try:
                if await take(line, id) is State.OURS:
                    hours = timedelta(hours=line.account.settings.window_hours)
                    memory.note(memory.kept, id, now + hours)
            except DomainError as failure:
                log.warning("kf.session_not_kept", inbox=line.account.key, error=failure.message)

    await asyncio.gather(*map(one, wanted))


async def take(line: Line, customer: str) -> State:
    """The state the session has now; one that may become ours is."""
    state = await state_of(line, customer)
    if State.OURS not in MOVES[state]:
        return state
    await call(line, "/cgi-bin/kf/service_state/trans", {**_whose(line, customer), "service_state": int(State.OURS)})
    return State.OURS


def _whose(line: Line, customer: str) -> dict[str, str]:
    return {"open_kfid": line.account.settings.open_kfid, "external_userid": customer}
