"""Writing first, about a ticket: to a number of the customer that is proved his, on a channel that lets us; and where
something he did lately opened a window, which is how a comment in public moves to private messages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.serving.store import SQL
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict
from yizhan.records import conversations
from yizhan.records.tickets import By


class FirstReach(msgspec.Struct, frozen=True):
    """An address nobody writes from yet, and the inbox through which it can be written to."""

    identity_id: UUID
    contact_id: UUID
    masked: str
    inbox_id: UUID
    inbox_name: str
    channel: str


MayBegin = Callable[[UUID], Awaitable[bool]]
"""Whether an inbox lets us write to somebody who never wrote to us."""


async def reaches(tx: Tx, ticket_id: UUID, may_begin: MayBegin, now: datetime) -> list[FirstReach]:
    """Of the customer of the ticket: where a window is open, then numbers that are proved."""
    ways = [FirstReach(**dict(row)) for row in await tx.fetch(SQL.open_ways, ticket_id, now)]
    found = [FirstReach(**dict(row)) for row in await tx.fetch(SQL.reaches, ticket_id)]
    open_ = {inbox for inbox in {each.inbox_id for each in found} if await may_begin(inbox)}
    return list(dict.fromkeys([*ways, *(each for each in found if each.inbox_id in open_)]))


async def write_first(
    tx: Tx, ticket_id: UUID, *, identity_id: UUID, inbox_id: UUID, may_begin: MayBegin, by: By, now: datetime
) -> UUID:
    """The conversation in which the next words go there. Raises Conflict for what is not among `reaches`."""
    for each in await reaches(tx, ticket_id, may_begin, now):
        if each.identity_id == identity_id and each.inbox_id == inbox_id:
            return await conversations.open_outward(
                tx, inbox_id=inbox_id, identity_id=identity_id, contact_id=each.contact_id, ticket_id=ticket_id,
                agent_id=by.agent_id, actor=by.actor, now=now,
            )  # fmt: skip
    raise Conflict("this address cannot be written to first: it is not proved, or the inbox is switched off")
