"""All SQL of search."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from yizhan.desk.search.model import Document
from yizhan.foundation.db import Record, Tx, load_queries
from yizhan.records.agents import Viewer

SQL = load_queries(__package__)


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


async def index(tx: Tx, rows: Sequence[tuple[Document, str]]) -> None:
    """Each document with its words as a tsvector literal."""
    docs = [d for d, _ in rows]
    await tx.execute(
        SQL.index, [d.id for d in docs], [d.kind for d in docs], [d.ticket_id for d in docs],
        [d.contact_id for d in docs], [d.at for d in docs], [words for _, words in rows],
    )  # fmt: skip


async def by_index(tx: Tx, query: str, kind: str | None, count: int, skip: int) -> list[Record]:
    return await tx.fetch(SQL.by_index, query, kind, count, skip)


async def by_recency(tx: Tx, query: str, kind: str | None, window: int, count: int, skip: int) -> list[Record]:
    return await tx.fetch(SQL.by_recency, query, kind, window, count, skip)


async def frequencies(tx: Tx) -> dict[str, float]:
    return {r["word"]: r["share"] for r in await tx.fetch(SQL.frequencies)}


async def hits(tx: Tx, viewer: Viewer, rows: Sequence[Record]) -> dict[tuple[str, UUID], Record]:
    by_kind: dict[str, list[UUID]] = {"message": [], "ticket": [], "contact": []}
    for row in rows:
        by_kind[row["kind"]].append(row["id"])
    found = await tx.fetch(
        SQL.hits, by_kind["message"], by_kind["ticket"], by_kind["contact"], viewer.scope, viewer.agent_id,
        list(viewer.team_ids), list(viewer.brand_ids),
    )  # fmt: skip
    return {(r["kind"], r["id"]): r for r in found}


async def ticket_by_number(tx: Tx, number: int) -> UUID | None:
    found: UUID | None = await tx.fetchval(SQL.ticket_by_number, number)
    return found
