"""Reads across owners: SELECT only, one query a screen part, set-based."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from yizhan.desk.views.model import (
    Author,
    ConversationRow,
    Due,
    MessageRow,
    NoteRow,
    SenderMark,
    TicketFilter,
    TicketRow,
)
from yizhan.foundation.db import Record, Tx, load_queries
from yizhan.foundation.errors import NotFound
from yizhan.foundation.ids import id_floor
from yizhan.records import outbox
from yizhan.records.agents import Viewer

SQL = load_queries(__package__)

COUNTED_TO = 1000
_RECALLED_TEXT = ""


async def conversation_rows(tx: Tx, ids: Sequence[UUID]) -> list[ConversationRow]:
    """In the order of `ids`."""
    if not ids:
        return []
    found = {r["id"]: ConversationRow(*r.values()) for r in await tx.fetch(SQL.conversations_by_id, ids)}
    return [found[i] for i in ids if i in found]


async def ticket_rows(tx: Tx, ids: Sequence[UUID]) -> list[TicketRow]:
    """In the order of `ids`."""
    if not ids:
        return []
    found = {r["id"]: _ticket(r) for r in await tx.fetch(SQL.tickets_by_id, ids)}
    return [found[i] for i in ids if i in found]


def _ticket(r: Record) -> TicketRow:
    *row, kind, due_at, state = r.values()
    row.append(Due(kind, due_at, state) if kind is not None else None)
    return TicketRow(*row)


async def my_conversations(tx: Tx, agent_id: UUID) -> list[ConversationRow]:
    return await conversation_rows(tx, _ids(await tx.fetch(SQL.mine, agent_id)))


async def queue(tx: Tx, viewer: Viewer) -> list[ConversationRow]:
    return await conversation_rows(tx, _ids(await tx.fetch(SQL.queue, *_scope(viewer))))


async def waiting(tx: Tx, viewer: Viewer) -> list[ConversationRow]:
    """Conversations that have an agent and wait for his next answer: what a supervisor looks after."""
    return await conversation_rows(tx, _ids(await tx.fetch(SQL.waiting, *_scope(viewer))))


async def chats_since(
    tx: Tx, viewer: Viewer, since: datetime, what: str, *, team_id: UUID | None, channel: str | None,
    inbox_id: UUID | None, count: int, before: UUID | None = None,
) -> list[ConversationRow]:  # fmt: skip
    """`what` is entered, written, asked, picked, replied or ended; by when they began, which their ids say."""
    floor = id_floor(since)
    rows = await tx.fetch(SQL.chats_since, *_scope(viewer), floor, what, team_id, channel, inbox_id, count, before)
    return await conversation_rows(tx, _ids(rows))


async def tickets_page(tx: Tx, viewer: Viewer, wanted: TicketFilter) -> list[TicketRow]:
    after_at, after_id = wanted.after or (None, None)
    rest = (wanted.status, wanted.channel, wanted.priority, wanted.type, after_at, after_id, wanted.limit)
    if wanted.tag is not None:
        rows = await tx.fetch(SQL.tickets_tagged, *_scope(viewer), wanted.view, *rest, wanted.tag)
    elif wanted.view == "mine":
        rows = await tx.fetch(SQL.tickets_of_agent, viewer.agent_id, *rest)
    else:
        rows = await tx.fetch(SQL.tickets_page, *_scope(viewer), wanted.view, *rest)
    return await ticket_rows(tx, _ids(rows))


async def tickets_due(
    tx: Tx, viewer: Viewer, wanted: TicketFilter
) -> tuple[list[TicketRow], tuple[datetime, UUID] | None]:
    """A page of what is due, nearest first, and the place after its last row while there may be more."""
    after_at, after_id = wanted.after or (None, None)
    rest = (wanted.status, wanted.channel, wanted.priority, wanted.type, after_at, after_id, wanted.limit)
    rows = await tx.fetch(SQL.tickets_due, *_scope(viewer), wanted.view, wanted.due, *rest, wanted.tag, wanted.team_id)
    more = (rows[-1]["due_at"], rows[-1]["id"]) if len(rows) == wanted.limit else None
    return await ticket_rows(tx, _ids(rows)), more


async def ticket_counts(tx: Tx, viewer: Viewer) -> dict[str, int]:
    """No view is counted further than 1,000: beyond that the screen says 999+."""
    row = await tx.fetchrow(SQL.counts, *_scope(viewer), COUNTED_TO)
    assert row is not None
    return dict(row)


async def with_merged(tx: Tx, ticket_id: UUID) -> list[UUID]:
    return _ids(await tx.fetch(SQL.merged_into, ticket_id))


async def conversations_of(tx: Tx, tickets: Sequence[UUID]) -> list[ConversationRow]:
    return await conversation_rows(tx, _ids(await tx.fetch(SQL.of_ticket, tickets)))


async def person_of(tx: Tx, contact_id: UUID) -> UUID:
    row = await tx.fetchrow(SQL.head_of_person, contact_id)
    if row is None:
        raise NotFound(f"contact {contact_id}")
    person: UUID = row["person_id"]
    return person


async def reachable(tx: Tx, person_id: UUID) -> list[ConversationRow]:
    return await conversation_rows(tx, _ids(await tx.fetch(SQL.reachable, person_id)))


async def messages_of_tickets(
    tx: Tx, tickets: Sequence[UUID], *, before: UUID | None = None, count: int = 50
) -> list[MessageRow]:
    """Oldest first."""
    return _messages(await tx.fetch(SQL.messages_of_tickets, tickets, before, count))


async def messages_of_conversation(
    tx: Tx, conversation_id: UUID, *, before: UUID | None = None, count: int = 50
) -> list[MessageRow]:
    return _messages(await tx.fetch(SQL.messages_of_conversation, conversation_id, before, count))


async def messages_of_visitor(
    tx: Tx, identities: Sequence[UUID], *, before: UUID | None = None, count: int = 50
) -> list[MessageRow]:
    """Decided by identity, never by person: the widget never shows a mail."""
    return _messages(await tx.fetch(SQL.messages_of_visitor, identities, before, count))


async def messages_by_id(tx: Tx, ids: Sequence[UUID]) -> list[MessageRow]:
    return [_message(r) for r in await tx.fetch(SQL.messages_by_id, ids)] if ids else []


async def notes_of(tx: Tx, tickets: Sequence[UUID]) -> list[NoteRow]:
    return [
        NoteRow(
            r["id"], r["ticket_id"], r["conversation_id"], r["action"], r["from_status"], r["to_status"], r["text"],
            r["typed"], _author(r["actor"], r["agent_name"], None), r["at"], r["code"], r["parts"],
        )
        for r in await tx.fetch(SQL.notes_of_tickets, tickets)
    ]  # fmt: skip


class Owner(msgspec.Struct, frozen=True):
    """What decides who may see a row."""

    brand_id: UUID
    team_id: UUID | None
    agent_id: UUID | None
    contact_id: UUID


async def owner_of_ticket(tx: Tx, ticket_id: UUID) -> Owner:
    return _owner(await tx.fetchrow(SQL.ticket_scope, ticket_id), f"ticket {ticket_id}")


async def owner_of_conversation(tx: Tx, conversation_id: UUID) -> Owner:
    return _owner(await tx.fetchrow(SQL.conversation_scope, conversation_id), f"conversation {conversation_id}")


def _owner(row: Record | None, what: str) -> Owner:
    if row is None:
        raise NotFound(what)
    return Owner(*row.values())


def _scope(viewer: Viewer) -> tuple[str, UUID, list[UUID], list[UUID]]:
    return viewer.scope, viewer.agent_id, list(viewer.team_ids), list(viewer.brand_ids)


def _ids(rows: Sequence[Record]) -> list[UUID]:
    return [r["id"] for r in rows]


def _messages(rows: Sequence[Record]) -> list[MessageRow]:
    return [_message(r) for r in reversed(rows)]


def _message(r: Record) -> MessageRow:
    recalled = r["recalled_at"] is not None
    return MessageRow(
        r["id"], r["conversation_id"], r["ticket_id"], r["contact_id"], r["identity_id"], r["channel"], r["direction"],
        _author(r["author"], r["agent_name"], r["contact_name"]), r["kind"],
        _RECALLED_TEXT if recalled else r["text"], None if recalled else r["html"], None if recalled else r["quoted"],
        [] if recalled else _files(r["attachments"]), None if recalled else r["payload"], r["at"], r["delivery"],
        r["delivery_error"], r["recalled_at"], r["client_id"], outbox.failure_of(r["delivery"], r["delivery_error"]),
        _sender(r["payload"]),
    )  # fmt: skip


def _sender(payload: dict[str, Any] | None) -> SenderMark | None:
    proof = (payload or {}).get("proof")
    return None if proof is None else msgspec.convert(proof, SenderMark, strict=False)


def _files(attachments: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    return attachments or []


def _author(actor: str, agent_name: str | None, contact_name: str | None) -> Author:
    kind, _, who = actor.partition(":")
    if kind == "agent":
        return Author("agent", agent_name or "", UUID(who))
    if kind == "customer":
        return Author("customer", contact_name or "", UUID(who))
    return Author(kind, who)


async def blobs_named(tx: Tx) -> list[str]:
    return [r["hash"] for r in await tx.fetch(SQL.blobs_named) if r["hash"]]
