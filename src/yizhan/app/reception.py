"""The assistant joined to the house: what it decides by, and its place before triage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from yizhan.desk import reception, routing, supervision
from yizhan.desk.triage import Gate
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Entry
from yizhan.web.widget import attendance

if TYPE_CHECKING:
    from yizhan.app.house import House


def reception_desk(house: House) -> reception.Desk:
    rules = house.rules
    there = attendance(house.vault, lambda: routing.chains(rules.live.now), rules.roster)
    return reception.Desk(rules.reception, rules.words, there)


def reception_gate(house: House) -> Gate:
    return reception.Gate(reception_desk(house), supervision.teams_bot_first)


def in_turn(*gates: Gate) -> Gate:
    async def pass_(tx: Tx, entries: Sequence[Entry], now: datetime) -> None:
        for gate in gates:
            await gate(tx, entries, now)

    return pass_
