"""Asking the index."""

from __future__ import annotations

from yizhan.desk.search import policy, store
from yizhan.desk.search.model import Found
from yizhan.desk.search.policy import Way
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Record, Tx
from yizhan.foundation.text import query_words, tsquery_literal
from yizhan.records.agents import Viewer

_WINDOW = 20_000
_PAGE = 100
_DEEPEST = 1_000
_LONGEST = 200
_FRESH = 500  # searches between two looks at the statistics


class Search:
    """Keeps the share of rows each common word is in; the rest is the database's."""

    def __init__(self, vault: Vault) -> None:
        self._blind = vault.blind
        self._frequency: dict[str, float] = {}
        self._asked = 0

    async def find(
        self, tx: Tx, viewer: Viewer, asked: str, *, kind: str | None = None, count: int = 20
    ) -> list[Found]:
        """Newest first. Walks on until enough hits are within the viewer's scope, at most 1,000 deep."""
        if self._asked % _FRESH == 0:
            self._frequency = await store.frequencies(tx)
        self._asked += 1
        wanted = policy.hide_numbers(asked[:_LONGEST], self._blind)
        query = tsquery_literal(wanted)
        if not query:
            return []
        found: list[Found] = []
        recent = policy.way(query_words(wanted), self._frequency) is Way.RECENT
        skip, page = 0, min(_PAGE, 2 * count)  # most of what a viewer finds he may see
        while skip < _DEEPEST:
            rows = await self._page(tx, query, kind, page, skip, recent=recent)
            if recent and skip == 0 and len(rows) < count:
                recent = False
                rows = await self._page(tx, query, kind, page, 0, recent=False)
            found += await self._seen(tx, viewer, rows, asked)
            if len(found) >= count or len(rows) < page:
                break
            skip, page = skip + page, _PAGE
        return found[:count]

    async def _page(
        self, tx: Tx, query: str, kind: str | None, page: int, skip: int, *, recent: bool
    ) -> list[Record]:  # fmt: skip
        if recent:
            return await store.by_recency(tx, query, kind, _WINDOW, page, skip)
        return await store.by_index(tx, query, kind, page, skip)

    async def _seen(self, tx: Tx, viewer: Viewer, rows: list[Record], asked: str) -> list[Found]:
        if not rows:
            return []
        seen = await store.hits(tx, viewer, rows)
        ordered = [seen[key] for r in rows if (key := (r["kind"], r["id"])) in seen]
        return [
            Found(
                r["kind"], r["id"], r["ticket_id"], r["number"], r["contact_id"], r["title"],
                policy.snippet(r["text"], asked), r["at"], r["conversation_id"],
            )
            for r in ordered
        ]  # fmt: skip
