"""What lies behind the figures of who is played: when he worked in the last two weeks, and what he promised."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from yizhan.app.demo.people import Staff
from yizhan.app.demo.rostering import ZONE
from yizhan.foundation.db import Tx, load_queries
from yizhan.records import agents, promises
from yizhan.records.agents import PresenceState
from yizhan.records.promises import NewPromise, PromiseKind

SQL = load_queries(__package__)
_PLAYED = ("linyi", "sujin")
_DAYS = 14
_LATE = frozenset({2, 6})  # of the promises, the newest being 0
_MINUTE = timedelta(minutes=1)
_WORDS = ("今天下班前给您答复", "两小时内告诉您快递单号", "今晚 8 点前给您回电", "核实后马上回复您")
_DAY = (
    (time(9), PresenceState.ONLINE, None), (time(12, 5), PresenceState.BREAK, "meal"),
    (time(12, 50), PresenceState.ONLINE, None), (time(15, 30), PresenceState.BUSY, None),
    (time(15, 45), PresenceState.ONLINE, None), (time(18), PresenceState.OFFLINE, None),
)  # fmt: skip


async def plant(tx: Tx, staff: Staff, now: datetime) -> None:
    """Until the day before yesterday; what came later others tell."""
    today = now.astimezone(ZONE).date()
    for login in _PLAYED:
        who = staff.people[login]
        if await tx.fetchval(SQL.has_worked, who):
            continue  # the demo begins anew: he is the same
        for ago in range(_DAYS, 1, -1):
            day = today - timedelta(days=ago)
            if day.weekday() == 6:
                continue
            for at, state, reason in _DAY:
                when = datetime.combine(day, at, ZONE)
                await agents.set_presence(tx, who, state, reason, when, f"agent:{who}")
    lin = staff.people["linyi"]
    for number, row in enumerate(await tx.fetch(SQL.lately_served_by, lin, now - _DAYS * timedelta(days=1))):
        await _promise(tx, dict(row), number)


async def _promise(tx: Tx, row: dict[str, Any], number: int) -> None:
    made_at = row.pop("at")
    who = row["made_by"]
    due = made_at + (90 + 25 * number) * _MINUTE
    new = NewPromise(
        **row, message_id=None, text=_WORDS[number % len(_WORDS)], due=due, counts_from=made_at,
        kind=PromiseKind.CALL if number % 4 == 2 else PromiseKind.REPLY,
    )  # fmt: skip
    promise = await promises.make(tx, new, actor=f"agent:{who}", now=made_at)
    settled = due + 50 * _MINUTE if number in _LATE else due - (20 + 7 * number) * _MINUTE
    await promises.keep(tx, promise, actor=f"agent:{who}", now=settled)
