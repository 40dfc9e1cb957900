"""All SQL of tickets and their processing notes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.foundation.db import Record, Tx, load_queries
from yizhan.foundation.errors import NotFound
from yizhan.foundation.ids import new_id
from yizhan.records.tickets.lines import Line
from yizhan.records.tickets.model import LinkKind, Note, Reranked, Status, Tag, Ticket, Verdict, WaitingReason

SQL = load_queries(__package__)


async def lock_ticket(tx: Tx, ticket_id: UUID) -> Ticket:
    row = await tx.fetchrow(SQL.lock, ticket_id)
    if row is None:
        raise NotFound(f"ticket {ticket_id}")
    return _ticket(row)


async def lock_two(tx: Tx, one: UUID, other: UUID) -> tuple[Ticket, Ticket]:
    """In the order asked for, locked in id order."""
    found = {row["id"]: _ticket(row) for row in await tx.fetch(SQL.lock_two, one, other)}
    if len(found) != 2:
        raise NotFound("ticket")
    return found[one], found[other]


async def lock_many(tx: Tx, ids: Sequence[UUID]) -> list[Ticket]:
    return [_ticket(row) for row in await tx.fetch(SQL.lock_many, list(ids))]


async def hold_many(tx: Tx, ids: Sequence[UUID]) -> None:
    """For who changes them set-based, without reading them."""
    await tx.execute(SQL.hold_many, list(ids))


async def set_status(tx: Tx, ticket: Ticket, status: Status, now: datetime) -> int:
    closed = now if status in (Status.DONE, Status.CANCELLED) else None
    pending = now if status is Status.PENDING else None
    return int(await tx.fetchval(SQL.set_status, ticket.id, status, closed, pending))


async def set_handler(tx: Tx, ticket_id: UUID, agent_id: UUID | None, team_id: UUID | None) -> int:
    return int(await tx.fetchval(SQL.set_handler, ticket_id, agent_id, team_id))


async def set_handlers(tx: Tx, rows: Sequence[tuple[UUID, UUID | None, UUID | None]]) -> dict[UUID, int]:
    """The new version of each ticket; a row is (ticket, agent, team)."""
    ids, agents, teams = [r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows]
    return {row["id"]: row["version"] for row in await tx.fetch(SQL.set_handlers, ids, agents, teams)}


async def triaged(tx: Tx, verdicts: Sequence[Verdict]) -> list[Record]:
    return list(await tx.fetch(
        SQL.triaged, [v.ticket_id for v in verdicts], [v.type for v in verdicts], [v.priority for v in verdicts],
        [v.needs for v in verdicts],
    ))  # fmt: skip


async def reclassified(tx: Tx, verdicts: Sequence[Verdict]) -> list[Record]:
    return list(await tx.fetch(
        SQL.reclassified, [v.ticket_id for v in verdicts], [v.type for v in verdicts], [v.priority for v in verdicts],
        [v.needs for v in verdicts],
    ))  # fmt: skip


async def reranked(tx: Tx, others: Sequence[Reranked]) -> list[Record]:
    return list(await tx.fetch(
        SQL.reranked, [o.ticket_id for o in others], [o.was for o in others], [o.priority for o in others]
    ))  # fmt: skip


async def change(tx: Tx, t: Ticket, *, sure: bool) -> int:
    """`sure`: a person said what kind of matter it is."""
    return int(await tx.fetchval(SQL.change, t.id, t.type, t.priority, t.subject, t.tags, t.order_no, sure, t.fields))


async def tags_given(tx: Tx, tags: Sequence[str], now: datetime) -> None:
    if tags:
        await tx.execute(SQL.tags_given, sorted(set(tags)), now)


async def offered_tags(tx: Tx, count: int = 500) -> list[Tag]:
    """Lately used first."""
    return [Tag(**row) for row in await tx.fetch(SQL.offered_tags, count)]


async def all_tags(tx: Tx, count: int = 2_000) -> list[Tag]:
    return [Tag(**row) for row in await tx.fetch(SQL.all_tags, count)]


async def tags_named(tx: Tx, names: Sequence[str]) -> list[Tag]:
    """`names` in small letters."""
    return [Tag(**row) for row in await tx.fetch(SQL.tags_named, list(names))] if names else []


async def put_tag(tx: Tx, tag: str, color: str, now: datetime) -> None:
    await tx.execute(SQL.put_tag, tag, color, now)


async def retire_tag(tx: Tx, tag: str, retired: bool) -> None:
    await tx.execute(SQL.retire_tag, tag, retired)


async def merge_tag(tx: Tx, tag: str, into: str, now: datetime) -> None:
    await tx.execute(SQL.merge_tag, tag, into, now)


async def retag(tx: Tx, tag: str, into: str, count: int) -> list[Record]:
    return list(await tx.fetch(SQL.retag, tag, into, count))


async def create(
    tx: Tx, *, ticket_id: UUID, brand_id: UUID, contact_id: UUID, subject: str, kind: str, priority: int,
    channel: str, agent_id: UUID | None, team_id: UUID | None, linked_to: UUID | None, now: datetime,
    parent_id: UUID | None = None,
) -> tuple[int, int]:  # fmt: skip
    """The new ticket's (number, version)."""
    row = await tx.fetchrow(
        SQL.create, ticket_id, brand_id, contact_id, subject, kind, priority, channel, agent_id, team_id, linked_to,
        now, parent_id,
    )  # fmt: skip
    assert row is not None
    return row["number"], row["version"]


async def merge(tx: Tx, ticket_id: UUID, into: UUID | None) -> int:
    return int(await tx.fetchval(SQL.merge, ticket_id, into))


async def set_wait(tx: Tx, ticket_id: UUID, reason: WaitingReason | None, next_follow_up: datetime | None) -> int:
    return int(await tx.fetchval(SQL.set_wait, ticket_id, reason, next_follow_up))


async def bring_up(tx: Tx, ticket_id: UUID, now: datetime) -> int:
    return int(await tx.fetchval(SQL.bring_up, ticket_id, now))


async def chase(tx: Tx, ticket_id: UUID, now: datetime) -> int:
    return int(await tx.fetchval(SQL.chase, ticket_id, now))


async def watch(tx: Tx, pairs: Sequence[tuple[UUID, UUID]], now: datetime) -> None:
    """A pair is (ticket, agent)."""
    await tx.execute(SQL.watch, [p[0] for p in pairs], [p[1] for p in pairs], now)


async def unwatch(tx: Tx, ticket_id: UUID, agent_id: UUID) -> bool:
    return await tx.fetchval(SQL.unwatch, ticket_id, agent_id) is not None


async def link(tx: Tx, one: UUID, other: UUID, kind: LinkKind, actor: str, now: datetime) -> UUID:
    link_id = new_id(now)
    await tx.execute(SQL.link, link_id, one, other, kind, actor, now)
    return link_id


async def linked(tx: Tx, one: UUID, other: UUID) -> bool:
    return await tx.fetchval(SQL.linked, one, other) is not None


async def unlink(tx: Tx, link_id: UUID, ticket_id: UUID) -> tuple[UUID, UUID, LinkKind]:
    row = await tx.fetchrow(SQL.unlink, link_id, ticket_id)
    if row is None:
        raise NotFound(f"link {link_id}")
    return row["ticket_id"], row["other_id"], LinkKind(row["kind"])


async def touch(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, int]:
    """The new version of each."""
    return {row["id"]: row["version"] for row in await tx.fetch(SQL.touch, list(ids))}


async def open_children(tx: Tx, parent_id: UUID) -> list[int]:
    """Numbers of the sub-tasks that are not over."""
    return [row["number"] for row in await tx.fetch(SQL.open_children, parent_id)]


async def add_note(tx: Tx, note: Note) -> UUID:
    note_id = new_id(note.at)
    await tx.execute(
        SQL.add_note, note_id, note.ticket_id, note.conversation_id, note.action, note.from_status, note.to_status,
        note.text, note.typed, note.actor, note.evidence, note.at, *_line_of(note),
    )  # fmt: skip
    return note_id


async def add_notes(tx: Tx, notes: Sequence[Note]) -> None:
    await tx.execute(
        SQL.add_notes, [new_id(n.at) for n in notes], [n.ticket_id for n in notes],
        [n.conversation_id for n in notes], [n.action for n in notes], [n.from_status for n in notes],
        [n.to_status for n in notes], [n.text for n in notes], [n.typed for n in notes], [n.actor for n in notes],
        [n.evidence for n in notes], [n.at for n in notes],
        [_line_of(n)[0] for n in notes], [_line_of(n)[1] for n in notes],
    )  # fmt: skip


async def typed_notes(tx: Tx, conversation_id: UUID) -> int:
    return int(await tx.fetchval(SQL.typed_notes, conversation_id))


async def replied(tx: Tx, ticket_id: UUID, now: datetime, preview: str, *, human: bool) -> int:
    """Our answer in one of its conversations. Its event is the message's own."""
    return int(await tx.fetchval(SQL.replied, ticket_id, now, preview, human))


async def hush(tx: Tx, ticket_id: UUID, said_at: datetime, words: str, instead: str) -> None:
    """Words in it were taken back. Its event is the message's own."""
    await tx.execute(SQL.hush, ticket_id, said_at, words, instead)


async def clear_unread(tx: Tx, ticket_id: UUID) -> None:
    await tx.execute(SQL.clear_unread, ticket_id)


async def wait_from(tx: Tx, ids: Sequence[UUID], at: datetime) -> None:
    """Their customers wait for a person from now on."""
    await tx.execute(SQL.wait_from, list(ids), at)


async def wait_no_more(tx: Tx, ids: Sequence[UUID]) -> None:
    """What nobody was asked to take is with the assistant: nobody waits for a person."""
    await tx.execute(SQL.wait_no_more, list(ids))


async def brand_of(tx: Tx, contact_id: UUID) -> UUID:
    brand: UUID | None = await tx.fetchval(SQL.brand_of, contact_id)
    if brand is None:
        raise NotFound("no business line exists yet")
    return brand


def _line_of(note: Note) -> tuple[str | None, dict[str, str] | None]:
    """The code and the parts of a sentence of ours."""
    return (note.text.code, note.text.parts) if isinstance(note.text, Line) else (None, None)


def _ticket(row: Record) -> Ticket:
    return msgspec.convert(dict(row), Ticket)
