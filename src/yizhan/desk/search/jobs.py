"""The journal reader that keeps the index: every message, ticket and customer is found within moments."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from yizhan.desk.search import policy, store
from yizhan.desk.search.model import Document
from yizhan.foundation.clock import Clock
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.journal import Entry, Reader
from yizhan.foundation.text import tsvector_literal
from yizhan.foundation.turns import in_turns

_MESSAGES = frozenset({"message.received", "message.sent", "message.noted"})
_TICKETS = frozenset({"ticket.created", "ticket.changed", "ticket.triaged"})
_CONTACTS = frozenset({"contact.created", "contact.changed"})
_SPLIT = "ticket.split"
_STEP = 1_000
KINDS = _MESSAGES | _TICKETS | _CONTACTS | {_SPLIT}


def search_reader(db: Database, clock: Clock, vault: Vault) -> Reader:
    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        messages = {UUID(e.data["message"]) for e in entries if e.kind in _MESSAGES}
        messages |= {UUID(m) for e in entries if e.kind == _SPLIT for m in e.data["messages"]}
        tickets = {e.subject for e in entries if e.kind in _TICKETS}
        contacts = {e.subject for e in entries if e.kind in _CONTACTS}
        await _index(tx, vault, await store.documents(tx, list(messages), list(tickets), list(contacts)))

    return Reader(db, clock, "search", take, kinds=KINDS, patient=True)


async def index_names_anew(tx: Tx, vault: Vault) -> int:
    """A step through the customers that came before names were found by their sound too; how many it looked at."""
    ids = await store.names_to_walk(tx, _STEP)
    if ids:
        await _index(tx, vault, await store.documents(tx, [], [], ids))
        await store.walked(tx, ids[-1])
    return len(ids)


async def _index(tx: Tx, vault: Vault, found: Sequence[Document]) -> None:
    rows = [(d, tsvector_literal(policy.hide_numbers(policy.spoken(d), vault.blind))) async for d in in_turns(found)]
    if rows:
        await store.index(tx, rows)
