"""What became of the low ratings of the last days: follow-ups by others, and an appeal that waits for its decision."""

from __future__ import annotations

from datetime import datetime, timedelta

from yizhan.app.demo.people import Staff
from yizhan.desk import satisfaction
from yizhan.desk.satisfaction import SatisfactionBook
from yizhan.foundation.db import Tx, load_queries
from yizhan.records import ratings
from yizhan.records.config import TypeTree
from yizhan.records.ratings import Cause

SQL = load_queries(__package__)
_DAY = timedelta(hours=24)
_IN_HAND = timedelta(hours=5)  # older ones were followed up in time
_MINUTE = timedelta(minutes=1)


async def plant(tx: Tx, staff: Staff, book: SatisfactionBook, types: TypeTree, now: datetime) -> None:
    appealed = False
    for row in await tx.fetch(SQL.low_ratings, now - 3 * _DAY):
        conversation, agent, at = row["conversation_id"], row["agent_id"], row["given_at"]
        if now - at < _IN_HAND:
            await satisfaction.follow_up(tx, conversation, book, types, at + _MINUTE)
        if agent == staff.people["linyi"] and not appealed:
            appealed = True
            words = "物流爆仓导致延误,客服当场已致歉并登记催派"
            when = min(at + 30 * _MINUTE, now)
            made, rating = await ratings.appeal(tx, conversation, Cause.LOGISTICS, words, agent_id=agent, now=when)
            await satisfaction.tell_appeal(tx, made, rating, when)
