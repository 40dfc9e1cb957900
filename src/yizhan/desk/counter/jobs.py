"""Appointments at their instants: reminders, and the end of waiting."""

from __future__ import annotations

from datetime import datetime

from yizhan.desk.counter import booking
from yizhan.desk.counter.booking import Books
from yizhan.desk.counter.documents import ShopBook
from yizhan.desk.words import WordBook
from yizhan.foundation.db import Tx
from yizhan.foundation.timer import Timer, Timers


def register_timers(timers: Timers, shops: ShopBook, words: WordBook) -> None:
    books = Books(shops, words)

    async def remind(tx: Tx, timer: Timer, now: datetime) -> None:
        await booking.remind(tx, timer, books, now)

    async def give_up(tx: Tx, timer: Timer, now: datetime) -> None:
        await booking.give_up(tx, timer, books, now)

    timers.register(booking.REMIND, remind)
    timers.register(booking.OVER, give_up)
