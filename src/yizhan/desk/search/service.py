"""Asking the index."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from yizhan.desk.search import policy, store
from yizhan.desk.search.model import Found
from yizhan.desk.search.policy import Commonness, Plan
from yizhan.desk.search.store import Hit
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Tx
from yizhan.foundation.text import query_words, tsquery_literal
from yizhan.records.agents import Viewer

_LONGEST = 200
_FRESH_SECONDS = 300.0


class Search:
    """Keeps the share of rows each common word is in; the rest is the database's."""

    def __init__(self, vault: Vault) -> None:
        self._blind = vault.blind
        self._common = Commonness()
        self._known_until = float("-inf")

    async def find(
        self, tx: Tx, viewer: Viewer, asked: str, *, kind: str | None = None, count: int = 20
    ) -> list[Found]:
        """Newest first, those within the viewer's scope of the 1,000 newest hits, or of the newest 50,000 rows."""
        wanted = policy.hide_numbers(asked[:_LONGEST], self._blind)
        query = tsquery_literal(wanted)
        if not query:
            return []
        await self._learn(tx)
        near = 2 * count  # most of what a viewer finds he may see
        plan = policy.plan(query_words(wanted), self._common, near)
        depth = near if plan.window(near) else policy.deeper(near, 0, count)
        found: list[Found] = []
        hits: list[Hit] = []
        while True:
            passed = len(hits)
            hits, plan = await _newest(tx, query, kind, plan, depth)
            found += await _seen(tx, viewer, hits[passed:], asked, count - len(found))
            if len(found) >= count or len(hits) < depth or depth >= policy.DEEPEST:
                return found
            depth = policy.deeper(depth, len(found), count)

    async def _learn(self, tx: Tx) -> None:
        """How common words are by now, as far as ANALYZE has seen; one search in minutes asks, no other waits."""
        now = asyncio.get_running_loop().time()
        if now < self._known_until:
            return
        self._known_until = now + _FRESH_SECONDS
        self._common = await store.commonness(tx, policy.WORTH_KNOWING)


async def _newest(tx: Tx, query: str, kind: str | None, plan: Plan, depth: int) -> tuple[list[Hit], Plan]:
    """With the plan for a next, deeper time: a walk that did not find enough is not tried again."""
    window = plan.window(depth)
    if window:
        hits = await store.by_recency(tx, query, kind, window, depth)
        if len(hits) == depth or plan.too_many(len(hits), window):
            return hits, plan
    return await store.by_index(tx, query, kind, depth), Plan()


async def _seen(tx: Tx, viewer: Viewer, hits: Sequence[Hit], asked: str, count: int) -> list[Found]:
    if not hits:
        return []
    return [
        Found(
            r["kind"], r["id"], r["ticket_id"], r["number"], r["contact_id"], r["title"],
            policy.snippet(r["text"], asked), r["at"], r["conversation_id"],
        )
        for r in await store.seen(tx, viewer, hits, count)
    ]  # fmt: skip
