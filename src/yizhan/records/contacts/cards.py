"""A person has one identity card: a second one that somebody tells of makes him two, so it stays a word for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from yizhan.foundation.db import Tx
from yizhan.records.contacts import store

CARD = "id_card"


class NewCard(NamedTuple):
    identity_id: UUID
    contact_id: UUID
    blind: bytes


async def withdraw_second(tx: Tx, made: Sequence[NewCard]) -> set[bytes]:
    """Takes back those of these cards, written in this transaction, whose person has another one already.

    Looked at after they are written and with the persons held: whoever links two at this moment sees them or is seen.
    """
    if not made:
        return set()
    heads = await store.lock_persons(tx, [each.contact_id for each in made])
    person_of = await store.persons_of(tx, [each.contact_id for each in made])
    cards = await store.cards_of(tx, heads)
    fresh = {each.blind for each in made}
    kept = {person: {next(iter(older))} for person, held in cards.items() if (older := held - fresh)}
    second = []
    for each in made:
        if kept.setdefault(person_of[each.contact_id], {each.blind}) != {each.blind}:
            second.append(each)
    await store.withdraw(tx, [each.identity_id for each in second])
    return {each.blind for each in second}
