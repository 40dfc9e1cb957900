"""The gate before triage, and the weekly look at who is kept out for good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from yizhan.desk.blocks import service
from yizhan.desk.triage import Gate
from yizhan.desk.words import WordBook
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Entry
from yizhan.foundation.timer import Timer, Timers


def gate(rules: service.Rules, words: WordBook) -> Gate:
    """One statement a batch where nobody in it is limited."""

    async def pass_(tx: Tx, entries: Sequence[Entry], now: datetime) -> None:
        await service.turn_away(tx, entries, rules(), words, now)

    return pass_


def register_timers(timers: Timers, rules: service.Rules) -> None:
    async def review(tx: Tx, timer: Timer, now: datetime) -> None:
        await service.remind_to_review(tx, timer.subject, rules(), now)

    timers.register(service.REVIEW, review)
