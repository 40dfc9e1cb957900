"""The ways by which contacts become one person. All end in one SQL function, which refuses two identity cards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Invalid
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit
from yizhan.records.contacts import store
from yizhan.records.contacts.model import Strength

_REFUSED = {
    "known": "the two are already linked",
    "cards": "the two have different identity cards; they cannot be one person",
}


class Pair(NamedTuple):
    one: UUID
    other: UUID
    evidence: dict[str, Any]


async def link_contacts(
    tx: Tx, one: UUID, other: UUID, *, strength: Strength, evidence: dict[str, Any], actor: str, now: datetime
) -> UUID:
    """Also what somebody took apart before. Raises Conflict where they are linked, or are two for ever."""
    if one == other:
        raise Invalid("a customer cannot be linked with itself", "other")
    await store.contact(tx, one)
    await store.contact(tx, other)
    (made,) = await store.link_pairs(tx, [(new_id(now), one, other, evidence)], strength, actor, now, again=True)
    if made.outcome in _REFUSED:
        raise Conflict(_REFUSED[made.outcome])
    await _tell(tx, [made], strength, actor, now)
    return made.link_id


async def join(tx: Tx, pairs: Sequence[Pair], *, now: datetime, by: str) -> None:
    """Many proved links at once. A pair that is linked stays as it is, one that somebody took apart is not joined
    again, and one with two identity cards stays two."""
    if pairs:
        wanted = [(new_id(now), *pair) for pair in pairs]
        found = await store.link_pairs(tx, wanted, Strength.PROVED, by, now, again=False)
        await _tell(tx, [each for each in found if each.outcome == "made"], Strength.PROVED, by, now)


async def _tell(tx: Tx, made: Sequence[store.Linked], strength: Strength, actor: str, now: datetime) -> None:
    await emit(tx, [
        Event(kind="contact.linked", subject=each.one, subject_version=each.version, at=now, actor=actor,
              contact_id=each.one, data={"link": each.link_id, "other": each.other, "strength": strength})
        for each in made
    ])  # fmt: skip
