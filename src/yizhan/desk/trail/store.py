"""All SQL of the trail."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from yizhan.desk.trail.model import Answer, Cart, Invitation, OnlineVisit, Origin, TrailItem, Visit
from yizhan.foundation.db import Record, Tx, load_queries
from yizhan.foundation.ids import new_id

SQL = load_queries(__package__)


async def latest_visit(tx: Tx, inbox_id: UUID, visitor: bytes) -> Visit | None:
    row = await tx.fetchrow(SQL.latest_visit, inbox_id, visitor)
    return _visit(row) if row else None


async def visit_by_id(tx: Tx, visit_id: UUID) -> Visit | None:
    row = await tx.fetchrow(SQL.visit_by_id, visit_id)
    return _visit(row) if row else None


async def insert_visit(tx: Tx, visit: Visit) -> None:
    await tx.execute(SQL.insert_visit, visit.id, visit.inbox_id, visit.visitor, visit.started_at, visit.origin)


async def adopt_visits(tx: Tx, inbox_id: UUID, before: bytes, visitor: bytes) -> int:
    return len(await tx.fetch(SQL.adopt_visits, inbox_id, before, visitor))


async def touch_visit(tx: Tx, visit_id: UUID, at: datetime) -> None:
    await tx.execute(SQL.touch_visit, visit_id, at)


async def insert_items(tx: Tx, items: Sequence[tuple[UUID, TrailItem]]) -> None:
    await tx.execute(
        SQL.insert_items,
        [new_id(item.at) for _, item in items],
        [visit_id for visit_id, _ in items],
        [item.kind for _, item in items],
        [item.url for _, item in items],
        [item.title for _, item in items],
        [item.data for _, item in items],
        [item.at for _, item in items],
        [item.dwell_ms for _, item in items],
    )


async def add_dwell(tx: Tx, items: Sequence[tuple[UUID, TrailItem]]) -> None:
    await tx.execute(
        SQL.add_dwell,
        [visit_id for visit_id, _ in items],
        [item.url for _, item in items],
        [item.dwell_ms for _, item in items],
    )


async def lock_carts(tx: Tx, visits: Sequence[UUID]) -> dict[UUID, Cart | None]:
    return {row["id"]: _cart(row["cart"]) for row in await tx.fetch(SQL.carts, list(visits))}


async def advance_visits(tx: Tx, progress: Mapping[UUID, tuple[datetime, int]]) -> None:
    """Per visit: when it was last seen, and how many pages more."""
    await tx.execute(
        SQL.advance_visits,
        list(progress),
        [seen for seen, _ in progress.values()],
        [pages for _, pages in progress.values()],
    )


async def set_carts(tx: Tx, carts: Mapping[UUID, Cart | None]) -> None:
    await tx.execute(SQL.set_carts, list(carts), list(carts.values()))


async def newest_visit_of(tx: Tx, visitors: Sequence[bytes]) -> Visit | None:
    row = await tx.fetchrow(SQL.newest_visit_of, list(visitors))
    return _visit(row) if row else None


async def items_of_visit(tx: Tx, visit_id: UUID, count: int) -> list[TrailItem]:
    return [
        TrailItem(row["kind"], row["url"] or "", row["title"] or "", row["at"], row["dwell_ms"], row["data"] or {})
        for row in await tx.fetch(SQL.items_of_visit, visit_id, count)
    ]


async def online_visits(tx: Tx, since: datetime, count: int) -> list[OnlineVisit]:
    return [_online(row) for row in await tx.fetch(SQL.online_visits, since, count)]


async def running_visit(tx: Tx, inbox_id: UUID, visitor: bytes, since: datetime) -> UUID | None:
    found: UUID | None = await tx.fetchval(SQL.running_visit, inbox_id, visitor, since)
    return found


async def visits_now(tx: Tx, ids: Sequence[UUID]) -> list[OnlineVisit]:
    return [_online(row) for row in await tx.fetch(SQL.visits_now, ids)]


async def keep_words(tx: Tx, visitor: bytes, inbox_id: UUID, said: bytes, at: datetime) -> None:
    await tx.execute(SQL.keep_words, visitor, inbox_id, said, at)


async def words_of(tx: Tx, visitor: bytes, *, lock: bool) -> bytes | None:
    said: bytes | None = await tx.fetchval(SQL.locked_words if lock else SQL.words_of, visitor)
    return said


async def delete_words(tx: Tx, visitors: Sequence[bytes]) -> None:
    await tx.execute(SQL.delete_words, list(visitors))


async def take_once(tx: Tx, keys: Sequence[bytes], at: datetime) -> set[bytes]:
    return {row["key"] for row in await tx.fetch(SQL.take_once, sorted(set(keys)), at)}


async def delete_old_words(tx: Tx, words_before: datetime, taken_before: datetime) -> None:
    await tx.execute(SQL.delete_words_before, words_before)
    await tx.execute(SQL.delete_taken_before, taken_before)


async def lock_visitor(tx: Tx, visitor: bytes) -> None:
    await tx.execute(SQL.lock_visitor, visitor)


async def invitations_since(tx: Tx, inbox_id: UUID, visitor: bytes, since: datetime) -> list[Invitation]:
    rows = await tx.fetch(SQL.invitations_since, inbox_id, visitor, since)
    return [
        Invitation(
            id=row["id"], inbox_id=row["inbox_id"], visitor=row["visitor"], rule=row["rule"], text=row["text"],
            actor=row["actor"], at=row["at"], answer=Answer(row["answer"]) if row["answer"] else None,
        )
        for row in rows
    ]  # fmt: skip


async def insert_invitation(tx: Tx, made: Invitation) -> None:
    await tx.execute(
        SQL.insert_invitation, made.id, made.inbox_id, made.visitor, made.rule, made.text, made.actor, made.at
    )


async def answer_invitation(tx: Tx, inbox_id: UUID, visitor: bytes, reference: str, answer: Answer) -> UUID | None:
    found: UUID | None = await tx.fetchval(SQL.answer_invitation, inbox_id, visitor, reference, answer.value)
    return found


async def visits_before(tx: Tx, seen: datetime, count: int) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.visits_before, seen, count)]


async def free_visitors(tx: Tx, visitors: Sequence[bytes]) -> list[bytes]:
    """Those of these that no legal hold keeps."""
    return [row["visitor"] for row in await tx.fetch(SQL.free_visitors, list(visitors))]


async def visits_of(tx: Tx, visitors: Sequence[bytes]) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.visits_of, list(visitors))]


async def delete_visits(tx: Tx, visits: Sequence[UUID]) -> None:
    await tx.execute(SQL.delete_items, list(visits))
    await tx.execute(SQL.delete_visits, list(visits))


async def delete_invitations_of(tx: Tx, visitors: Sequence[bytes]) -> None:
    await tx.execute(SQL.delete_invitations_of, list(visitors))


async def delete_invitations_before(tx: Tx, at: datetime) -> None:
    await tx.execute(SQL.delete_invitations_before, at)


def _visit(row: Record) -> Visit:
    return Visit(
        id=row["id"],
        inbox_id=row["inbox_id"],
        visitor=row["visitor"],
        started_at=row["started_at"],
        seen_at=row["seen_at"],
        origin=msgspec.convert(row["origin"], Origin),
        pages=row["pages"],
        cart=_cart(row["cart"]),
    )


def _online(row: Record) -> OnlineVisit:
    return OnlineVisit(
        visit=_visit(row), url=row["url"] or "", title=row["title"] or "", since=row["since"] or row["started_at"]
    )


def _cart(document: Any) -> Cart | None:
    return msgspec.convert(document, Cart, strict=False) if document else None
