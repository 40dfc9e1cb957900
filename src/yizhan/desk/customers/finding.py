"""Whom somebody means: by an identifier in full, a number of an order or a ticket, a tag, or a name as it sounds."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import msgspec

from yizhan.desk.customers import store
from yizhan.desk.customers.model import ANYBODY, CustomerPage, CustomerRow, Matched, Wanted
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid
from yizhan.foundation.text import mask_name, tsquery_literal
from yizhan.records import contacts
from yizhan.records.agents import Viewer
from yizhan.records.contacts import Identifier

Shown = Callable[[UUID], Awaitable[frozenset[UUID]]]
"""Those of a person's contacts of whose orders may be told, see desk/verification."""

_LONGEST = 320
_MOST_LABELLED = 50
_TICKET = re.compile(r"#?(\d{1,18})")


async def find(
    tx: Tx, viewer: Viewer, vault: Vault, asked: str, *, shown: Shown, after: UUID | None = None, count: int = 50,
    wanted: Wanted = ANYBODY,
) -> CustomerPage:  # fmt: skip
    """What is exact comes first, on the first page; then names, the newest contact first."""
    words = asked.strip()[:_LONGEST]
    buyers = await store.buyers(tx, words) if after is None else []
    exact = await _exact(tx, vault, words, buyers) if after is None else {}
    query = tsquery_literal(words)
    named = await store.named(tx, query, after, count) if query else []
    people = dict(exact)
    for person in await store.persons_of(tx, named):
        people.setdefault(person, Matched.NAME)
    may = await store.seen(tx, viewer, list(people), wanted)
    rows = await store.rows(tx, viewer, [person for person in people if person in may])
    found = [await _told(_because(row, people), buyers, shown) for row in rows]
    return CustomerPage(found, named[-1] if len(named) == count else None)


async def _told(row: CustomerRow, buyers: Sequence[UUID], shown: Shown) -> CustomerRow:
    """Whoever has the number of an order, from a parcel or a screen, is not told by it whose it is before 核身."""
    if row.matched is not Matched.ORDER or not (await shown(row.id)).isdisjoint(buyers):
        return row
    name = mask_name(row.name)
    return msgspec.structs.replace(row, name=name, identities=[], claimed=[], tags=[], level=0, masked=True)


async def _exact(tx: Tx, vault: Vault, words: str, buyers: Sequence[UUID]) -> dict[UUID, Matched]:
    blinds = _blinds(vault, words, await store.inboxes(tx))
    found: dict[UUID, Matched] = {}
    asked: list[tuple[Matched, Sequence[UUID]]] = [
        (Matched.IDENTITY, await store.identified(tx, blinds)), (Matched.ORDER, buyers),
    ]  # fmt: skip
    if number := _TICKET.fullmatch(words):
        asked.append((Matched.TICKET, await store.ticket_holder(tx, int(number[1]))))
    asked.append((Matched.TAG, await store.labelled(tx, words, _MOST_LABELLED)))
    asked.append((Matched.CLAIM, await store.claiming(tx, blinds)))
    for why, holders in asked:
        for person in await store.persons_of(tx, holders):
            found.setdefault(person, why)
    return found


def _blinds(vault: Vault, words: str, inboxes: Sequence[UUID]) -> list[bytes]:
    """Of every kind that the words could be one of. A platform's own ids are unique within one inbox each."""
    found: dict[bytes, None] = {}
    for kind in contacts.kinds_in_force().kinds:
        scopes: tuple[UUID | None, ...] = (None, *inboxes) if kind.form == "text" else (None,)
        for inbox in scopes:
            try:
                key = contacts.keyed(vault, Identifier(kind.key, words, inbox_id=inbox))
            except Invalid:
                break  # it cannot be one of these
            found[key.blind] = None
    return list(found)


def _because(row: CustomerRow, people: dict[UUID, Matched]) -> CustomerRow:
    return msgspec.structs.replace(row, matched=people[row.id])
