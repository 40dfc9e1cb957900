"""Calls 呼叫 ring until somebody says that he has them: again and again, each time for the next of their chain too.

Whoever raises a call may name whom it reaches `then`, one after the other. Two of them look up anew whom they mean and
ring by themselves, so long as nobody has acknowledged: those of service levels and of the night.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from yizhan.desk.notices import store
from yizhan.desk.notices.model import RAISED
from yizhan.desk.notices.policy import topic_of
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Entry, Event, emit
from yizhan.foundation.timer import NewTimer, Timer, Timers

RING = "notices.ring"
AGAIN = timedelta(minutes=3)
MOST = 40
"""Rings of one call: for two hours."""
_RUNG_BY_OWNER = frozenset({"sla.call", "roster.night_message"})
_SCOPE = ("brand_id", "team_id", "agent_id", "contact_id", "conversation_id", "ticket_id")


def next_rings(entries: Iterable[Entry]) -> list[NewTimer]:
    """For those just raised, if nobody has them by then."""
    return [
        NewTimer(e.at + AGAIN, RING, e.subject, e.subject_version, {
            "at": e.at.isoformat(), "data": e.data,
            **{name: str(value) for name in _SCOPE if (value := getattr(e, name)) is not None},
        })
        for e in entries
        if e.kind == RAISED and e.data.get("how") == "call" and e.data.get("why") not in _RUNG_BY_OWNER
        and _number(e.data) < MOST
    ]  # fmt: skip


async def ring_again(tx: Tx, timer: Timer, now: datetime) -> None:
    told = msgspec.convert(timer.data["data"], dict[str, Any])
    scope = {name: UUID(str(timer.data[name])) if name in timer.data else None for name in _SCOPE}
    since = datetime.fromisoformat(str(timer.data["at"]))
    topic = topic_of(str(told["why"]), timer.subject)
    if not await store.rings(tx, topic, since, scope["ticket_id"]):
        return
    chain: Sequence[Sequence[str]] = told.get("then") or []
    called = dict.fromkeys([*told.get("agents", ()), *(chain[0] if chain else ())])
    data = {**told, "agents": list(called), "then": chain[1:], "ring": _number(told) + 1}
    await emit(tx, [Event(
        kind=RAISED, subject=timer.subject, subject_version=timer.subject_version, at=now, actor=f"timer:{RING}",
        data=data, brand_id=scope["brand_id"], team_id=scope["team_id"], agent_id=scope["agent_id"],
        contact_id=scope["contact_id"], conversation_id=scope["conversation_id"], ticket_id=scope["ticket_id"],
    )])  # fmt: skip


def register_timers(timers: Timers) -> None:
    timers.register(RING, ring_again)


def _number(told: dict[str, Any]) -> int:
    return int(told.get("ring", 1))
