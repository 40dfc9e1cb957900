"""Many proved links at once, each as `link_contacts` would make it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from yizhan.foundation.db import Tx
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit
from yizhan.records.contacts import policy, store
from yizhan.records.contacts.model import Strength


class Pair(NamedTuple):
    one: UUID
    other: UUID
    evidence: dict[str, Any]


async def join(tx: Tx, pairs: Sequence[Pair], *, now: datetime, by: str) -> None:
    """A pair that is linked stays as it is, and one that somebody took apart is not joined again."""
    fresh = await _unknown(tx, pairs)
    if not fresh:
        return
    heads = await store.lock_persons(tx, list({c for pair in fresh for c in pair[:2]}))
    fresh = await _unknown(tx, fresh)  # somebody may have linked them while we waited
    members = await store.members(tx, heads)
    held = [(link.a_contact, link.b_contact) for link in await store.links_among(tx, members)]
    links = [(new_id(now), pair) for pair in fresh]
    await store.add_links(tx, [(id, p.one, p.other, p.evidence) for id, p in links], Strength.PROVED, by, now)
    await store.set_persons(tx, policy.heads(members, [*held, *((p.one, p.other) for p in fresh)]))
    versions = await store.versions(tx, list({pair.one for pair in fresh}))
    await emit(tx, [
        Event(kind="contact.linked", subject=p.one, subject_version=versions[p.one], at=now, actor=by,
              contact_id=p.one, data={"link": id, "other": p.other, "strength": Strength.PROVED})
        for id, p in links
    ])  # fmt: skip


async def _unknown(tx: Tx, pairs: Sequence[Pair]) -> list[Pair]:
    known = await store.ever_linked(tx, [p.one for p in pairs], [p.other for p in pairs]) if pairs else set()
    return [p for p in pairs if frozenset(p[:2]) not in known]
