"""All SQL of search."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from yizhan.desk.search.model import Document
from yizhan.desk.search.policy import Commonness
from yizhan.foundation.db import Record, Tx, load_queries
from yizhan.records.agents import Viewer

SQL = load_queries(__package__)
_NAMES = "names"
_LOOKED = 5_000
_SAID = 500

Hit = tuple[str, UUID]
"""Kind and id of a row of the index."""


async def documents(
    tx: Tx, messages: Sequence[UUID], tickets: Sequence[UUID], contacts: Sequence[UUID]
) -> list[Document]:
    found = [
        Document(r["id"], "message", r["ticket_id"], r["contact_id"], r["at"], r["text"])
        for r in (await tx.fetch(SQL.messages_to_index, messages) if messages else [])
    ]
    found += [
        Document(r["id"], "ticket", r["id"], r["contact_id"], r["at"], r["text"])
        for r in (await tx.fetch(SQL.tickets_to_index, tickets) if tickets else [])
    ]
    found += [
        Document(r["id"], "contact", None, r["id"], r["at"], r["text"])
        for r in (await tx.fetch(SQL.contacts_to_index, contacts) if contacts else [])
    ]
    return found


async def names_to_walk(tx: Tx, count: int) -> list[UUID]:
    """Customers whose names are to be indexed anew, in the order of their ids."""
    return [row["id"] for row in await tx.fetch(SQL.walk, _NAMES, count)]


async def walked(tx: Tx, after: UUID) -> None:
    await tx.execute(SQL.walked, _NAMES, after)


async def index(tx: Tx, rows: Sequence[tuple[Document, str]]) -> None:
    """Each document with its words as a tsvector literal."""
    docs = [d for d, _ in rows]
    await tx.execute(
        SQL.index, [d.id for d in docs], [d.kind for d in docs], [d.ticket_id for d in docs],
        [d.contact_id for d in docs], [d.at for d in docs], [words for _, words in rows],
    )  # fmt: skip


async def by_index(tx: Tx, query: str, kind: str | None, count: int) -> list[Hit]:
    return [(r["kind"], r["id"]) for r in await tx.fetch(SQL.by_index, query, kind, count)]


async def by_recency(tx: Tx, query: str, kind: str | None, window: int, count: int) -> list[Hit]:
    return [(r["kind"], r["id"]) for r in await tx.fetch(SQL.by_recency, query, kind, window, count)]


async def commonness(tx: Tx, least: float) -> Commonness:
    rows: float = await tx.fetchval(SQL.size)
    return Commonness(rows, {r["word"]: r["share"] for r in await tx.fetch(SQL.common_words, least)})


async def seen(tx: Tx, viewer: Viewer, hits: Sequence[Hit], count: int) -> list[Record]:
    """What the viewer may see of the hits, in their order, at most `count`."""
    return await tx.fetch(
        SQL.seen, [kind for kind, _ in hits], [id_ for _, id_ in hits], viewer.scope, viewer.agent_id,
        list(viewer.team_ids), list(viewer.brand_ids), count,
    )  # fmt: skip


async def ticket_by_number(tx: Tx, number: int) -> UUID | None:
    found: UUID | None = await tx.fetchval(SQL.ticket_by_number, number)
    return found


async def said_in_tickets(tx: Tx, tickets: Sequence[UUID], words: str) -> list[UUID]:
    """Messages that say it as it is written, oldest first; the newest 500 of the newest 5,000 of each ticket."""
    return [row["id"] for row in reversed(await tx.fetch(SQL.said_in_tickets, tickets, words, _LOOKED, _SAID))]


async def said_in_conversation(tx: Tx, conversation_id: UUID, words: str) -> list[UUID]:
    rows = await tx.fetch(SQL.said_in_conversation, conversation_id, words, _LOOKED, _SAID)
    return [row["id"] for row in reversed(rows)]
