"""What a supervisor finds on his desk in the demo: a reply that waits for a yes, and two people on the blacklist."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from yizhan.app.demo.people import Staff
from yizhan.desk import blocks, words
from yizhan.desk.blocks import BlacklistDocument
from yizhan.foundation.db import Tx, load_queries
from yizhan.records.blocks import BlockScope, Reason
from yizhan.records.conversations import Draft
from yizhan.records.tickets import By

SQL = load_queries(__package__)

_PROMISE = "这台机器一年内再坏,我们保证赔您一台新的,您放心。"


async def guard(tx: Tx, staff: Staff, book: words.WordBook, rules: BlacklistDocument, now: datetime) -> None:
    """Only where the month's stories have such conversations: the demo is told by chance."""
    ended = [UUID(str(row["id"])) for row in await tx.fetch(SQL.quiet_words, now - timedelta(days=20))]
    lin, boss = staff.people["linyi"], staff.people["zhuguan"]
    for message, reason, days, note in (
        (0, Reason.ADVERTISING, 0, "连续三天在会话里发刷单广告"), (1, Reason.ABUSE, 1, "警告后继续辱骂客服"),
    ):  # fmt: skip
        if message < len(ended):
            at = now - timedelta(days=9) if not days else now - timedelta(hours=3)
            until = at + timedelta(days=days) if days else None
            who = By(f"agent:{boss}", boss)
            await blocks.keep_out(tx, ended[message], reason, BlockScope.IDENTITY, until, note, rules, by=who, now=at)
    served = await tx.fetchval(SQL.served_by, lin)
    if served is not None:
        draft = Draft(direction="out", author=f"agent:{lin}", text=_PROMISE, client_id="demo:promise")
        await words.ask(tx, served, draft, book, now=now - timedelta(minutes=2), agent_id=lin)
