"""The assistant joined to the house: what it decides by, and its place before triage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from yizhan.desk import reception, roster, routing, supervision
from yizhan.desk.triage import Gate
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Entry
from yizhan.web.widget import attendance

if TYPE_CHECKING:
    from yizhan.app.house import House


def reception_desk(house: House) -> reception.Desk:
    rules = house.rules
    there = attendance(house.vault, lambda: routing.chains(rules.live.now), rules.roster)

    async def wakes(tx: Tx, conversation_id: UUID, now: datetime) -> bool:
        return await roster.wakes(tx, conversation_id, rules.roster, now)

    return reception.Desk(rules.reception, rules.words, there, wakes)


def night_watch(house: House) -> roster.NightWatch:
    """What wakes nobody is left for the morning as the assistant leaves it."""
    desk = reception_desk(house)

    async def promise(tx: Tx, conversation_id: UUID, now: datetime) -> None:
        await reception.leave_words(tx, conversation_id, desk, now)

    return roster.NightWatch(house.db, house.clock, house.rules.roster, house.feed, promise)


def reception_gate(house: House) -> Gate:
    return reception.Gate(reception_desk(house), supervision.teams_bot_first)


def in_turn(*gates: Gate) -> Gate:
    async def pass_(tx: Tx, entries: Sequence[Entry], now: datetime) -> None:
        for gate in gates:
            await gate(tx, entries, now)

    return pass_
