"""The two set-based calls of intake: rows are tuples in the order of the composite types of migration 0014."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from yizhan.desk.intake.model import Gathered, InboxFacts, Known, KnownConversation, KnownTicket, Pointed
from yizhan.desk.intake.senders import Question, Row
from yizhan.foundation.db import Database, Record, Tx, load_queries
from yizhan.foundation.journal import wrote

SQL = load_queries(__package__)

_KEEP_KEYS = timedelta(days=90)
_FORGOTTEN_AT_ONCE = 10_000

_CONVERSATION = (
    "v_id", "v_identity", "v_inbox", "v_contact", "v_ticket", "v_phase", "v_live", "v_agent", "v_version",
)  # fmt: skip
_TICKET = (
    "t_id", "t_brand", "t_contact", "t_status", "t_type", "t_agent", "t_team", "t_order", "t_last", "t_closed",
    "t_version",
)  # fmt: skip


class Writing(msgspec.Struct):
    """All rows of one batch, each a tuple of its composite type."""

    conversations: list[Row] = []
    tickets: list[Row] = []
    touched: list[Row] = []
    touched_tickets: list[Row] = []
    messages: list[Row] = []
    referenced: bool = False
    notes: list[Row] = []


async def gather(tx: Tx, asked: Question, *, hasty: bool) -> Gathered:
    row = await tx.fetchrow(
        SQL.gather, asked.arrivals, asked.senders, asked.strangers, asked.pointers, asked.vouched, asked.received, hasty
    )
    assert row is not None
    persons = dict(_columns(row, ("known", "persons")))
    return Gathered(
        {n - 1: id for n, id in _columns(row, ("repeated", "repeated_ids"))},
        [
            Known(identity, contact, persons.get(contact, contact)) if identity else None
            for identity, contact in _columns(row, ("identities", "contacts"))
        ],
        [KnownConversation(*fields) for fields in _columns(row, _CONVERSATION)],
        _tickets(row),
        _pointed(row),
        frozenset((*(row["late_identities"] or ()), *(row["late_persons"] or ()))),
    )


def _columns(row: Record, names: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    return zip(*(row[name] or () for name in names), strict=True)


def _tickets(row: Record) -> dict[UUID, list[KnownTicket]]:
    person = dict(_columns(row, ("t_found", "t_person")))
    tickets: dict[UUID, list[KnownTicket]] = defaultdict(list)
    for fields in _columns(row, _TICKET):
        tickets[person[fields[0]]].append(KnownTicket(*fields))
    return tickets


def _pointed(row: Record) -> dict[int, list[Pointed]]:
    pointed: dict[int, list[Pointed]] = defaultdict(list)
    for n, ticket_id, person_id in _columns(row, ("p_n", "p_ticket", "p_person")):
        pointed[n].append(Pointed(ticket_id, person_id))
    return pointed


async def let_go(tx: Tx, asked: Question, places: Collection[int]) -> None:
    """These messages are not stored now: whoever delivers them again is no repetition."""
    await tx.execute(SQL.let_go, [asked.arrivals[n][0] for n in places], [asked.ids[n] for n in places])


async def write(tx: Tx, rows: Writing) -> None:
    wrote(tx)
    await tx.execute(
        SQL.write,
        rows.conversations,
        rows.tickets,
        rows.touched,
        rows.touched_tickets,
        rows.messages,
        rows.referenced,
        rows.notes,
    )


async def inbox_facts(db: Database) -> list[InboxFacts]:
    rows = await db.pool.fetch(SQL.inbox_facts)
    return [InboxFacts(r["id"], r["channel"], r["brand_id"], r["team_id"], r["live"], r["bot"]) for r in rows]


async def forget_keys(tx: Tx, now: datetime) -> int:
    """A batch of the callbacks of more than 90 days ago; how many went."""
    return len(await tx.fetch(SQL.forget_keys, now - _KEEP_KEYS, _FORGOTTEN_AT_ONCE))
