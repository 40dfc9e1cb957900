"""All SQL of contacts, identities, links and claims (intake's set-based writes stand in migration 0006)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from yizhan.foundation.db import Record, Tx, copied_all, copy_new, load_queries
from yizhan.foundation.errors import Conflict, NotFound
from yizhan.records.contacts.kinds import PRIMARY
from yizhan.records.contacts.model import Card, Claimed, ClaimRow, Contact, Identity, Link, Strength

SQL = load_queries(__package__)

IdentityRow = tuple[UUID, UUID, str, str, bytes, bytes, str, datetime | None, UUID | None]
"""Id, contact, kind, rank, sealed, blind, masked, verified, inbox."""
ContactRow = tuple[UUID, str, int, dict[str, Any], bytes, str | None]
"""Id, name, level, fields, wrapped key, locale."""

_MANY = 50
_IDENTITY = (
    "id", "contact_id", "kind", "rank", "sealed", "blind", "masked", "verified_at", "inbox_id", "valid_from",
)  # fmt: skip
_CONTACT = ("id", "person_id", "name", "level", "data_key", "fields", "locale", "created_at", "version")


class Linked(NamedTuple):
    """What became of a pair: `made`, `known`, or `cards` where they have different identity cards. `version` is that of
    one."""

    link_id: UUID
    one: UUID
    other: UUID
    outcome: str
    version: int


async def contact(tx: Tx, contact_id: UUID) -> Contact:
    row = await tx.fetchrow(SQL.contact, contact_id)
    if row is None:
        raise NotFound(f"contact {contact_id}")
    return msgspec.convert(dict(row), Contact)


async def version(tx: Tx, contact_id: UUID) -> int:
    return int(await tx.fetchval(SQL.version, contact_id))


async def lock_persons(tx: Tx, contacts: Sequence[UUID]) -> list[UUID]:
    """Heads of the persons as they are now, locked in the order of ids."""
    return list(await tx.fetchval(SQL.lock_persons, contacts))


async def members(tx: Tx, heads: Sequence[UUID]) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.members, heads)]


async def links_among(tx: Tx, contacts: Sequence[UUID]) -> list[Link]:
    return [msgspec.convert(dict(row), Link) for row in await tx.fetch(SQL.links_among, contacts)]


async def cards_of(tx: Tx, heads: Sequence[UUID]) -> dict[UUID, set[bytes]]:
    """The identity cards of those persons that have any, by head."""
    cards: dict[UUID, set[bytes]] = {}
    for row in await tx.fetch(SQL.cards_of, heads):
        cards.setdefault(row["person_id"], set()).add(row["blind"])
    return cards


async def set_persons(tx: Tx, heads: Mapping[UUID, UUID]) -> None:
    await tx.execute(SQL.set_persons, list(heads), list(heads.values()))


async def link(tx: Tx, link_id: UUID) -> Link:
    row = await tx.fetchrow(SQL.link, link_id)
    if row is None:
        raise NotFound(f"link {link_id}")
    return msgspec.convert(dict(row), Link)


async def side_of_link(tx: Tx, link_id: UUID) -> UUID:
    """One of the two contacts a link joins."""
    return (await link(tx, link_id)).a_contact


async def end_link(tx: Tx, link_id: UUID, at: datetime, by: str) -> None:
    await tx.execute(SQL.end_link, link_id, at, by)


async def claimants(tx: Tx, blind: bytes, most: int) -> list[UUID]:
    return [row["contact_id"] for row in await tx.fetch(SQL.claimants, blind, most)]


async def add_claim(
    tx: Tx, contact_id: UUID, kind: str, blind: bytes, sealed: bytes, masked: str, at: datetime
) -> None:
    await tx.execute(SQL.add_claim, contact_id, kind, blind, sealed, masked, at)


async def claimed(tx: Tx, contact_id: UUID, kind: str) -> Claimed | None:
    row = await tx.fetchrow(SQL.claimed, contact_id, kind)
    return Claimed(row["blind"], row["masked"]) if row else None


async def sealed_claim(tx: Tx, contact_id: UUID, blind: bytes) -> tuple[bytes, bytes]:
    """The sealed address and its contact's wrapped key."""
    row = await tx.fetchrow(SQL.sealed_claim, contact_id, blind)
    if row is None:
        raise NotFound("no such address was left")
    return row["sealed"], row["data_key"]


async def rename(tx: Tx, contact_id: UUID, name: str) -> int | None:
    version: int | None = await tx.fetchval(SQL.rename, contact_id, name)
    return version


async def change(tx: Tx, c: Contact) -> int:
    version: int | None = await tx.fetchval(SQL.change, c.id, c.version, c.name, c.level, c.fields)
    if version is None:
        raise Conflict("the customer has changed in the meantime; look again")
    return version


async def identity(tx: Tx, identity_id: UUID) -> Identity:
    row = await tx.fetchrow(SQL.identity, identity_id)
    if row is None:
        raise NotFound(f"identity {identity_id}")
    return msgspec.convert(dict(row), Identity)


async def identity_by_blind(tx: Tx, blind: bytes) -> Identity | None:
    row = await tx.fetchrow(SQL.identity_by_blind, blind)
    return msgspec.convert(dict(row), Identity) if row else None


async def signed_in_before(tx: Tx, identity_id: UUID, inbox_id: UUID) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.signed_in_before, identity_id, inbox_id)]


async def add_contact(tx: Tx, id: UUID, name: str, locale: str, data_key: bytes, at: datetime) -> None:
    await tx.execute(SQL.add_contact, id, name, locale, data_key, at)


async def add_identity(
    tx: Tx, id: UUID, contact_id: UUID, kind: str, sealed: bytes, blind: bytes, masked: str, inbox_id: UUID | None,
    at: datetime, rank: str = PRIMARY,
) -> bool:  # fmt: skip
    """A verified one; False when the identity is there already."""
    made = await tx.fetchval(SQL.add_identity, id, contact_id, kind, sealed, blind, masked, inbox_id, at, rank)
    return made is not None


async def data_key(tx: Tx, contact_id: UUID) -> bytes:
    key: bytes | None = await tx.fetchval(SQL.data_key, contact_id)
    if key is None:
        raise NotFound(f"contact {contact_id}")
    return key


async def verify(tx: Tx, identity_id: UUID, at: datetime, *, rank: str = PRIMARY) -> None:
    await tx.execute(SQL.verify, identity_id, at, rank)


async def lock_identity_by_blind(tx: Tx, blind: bytes) -> Identity | None:
    row = await tx.fetchrow(SQL.lock_identity_by_blind, blind)
    return msgspec.convert(dict(row), Identity) if row else None


async def persons(tx: Tx, one: UUID, other: UUID) -> tuple[UUID, UUID]:
    """Whose each contact is; equal for one person."""
    found = {row["id"]: row["person_id"] for row in await tx.fetch(SQL.persons, [one, other])}
    if len(found) < len({one, other}):
        raise NotFound("one of the customers is gone")
    return found[one], found[other]


async def persons_of(tx: Tx, contacts: Sequence[UUID]) -> dict[UUID, UUID]:
    """The head of each of these."""
    return {row["id"]: row["person_id"] for row in await tx.fetch(SQL.persons, contacts)}


async def withdraw(tx: Tx, identities: Sequence[UUID]) -> None:
    if identities:
        await tx.execute(SQL.withdraw, identities)


async def cards_differ(tx: Tx, one: UUID, other: UUID) -> bool:
    """Whether two contacts can never be linked."""
    return bool(await tx.fetchval(SQL.cards_differ, one, other))


async def in_conflict(tx: Tx, one: UUID, other: UUID) -> bool:
    """Whether two persons have different identifiers of which everybody has one: they are two."""
    return bool(await tx.fetchval(SQL.in_conflict, one, other))


async def end_identity(tx: Tx, identity_id: UUID, at: datetime) -> bool:
    return await tx.fetchval(SQL.end_identity, identity_id, at) is not None


async def reclassify(tx: Tx, identity_id: UUID, kind: str, rank: str) -> None:
    await tx.execute(SQL.reclassify, identity_id, kind, rank)


async def claims_of(tx: Tx, contact_id: UUID) -> list[ClaimRow]:
    return [ClaimRow(*row.values()) for row in await tx.fetch(SQL.claims_of, contact_id)]


async def identities_of(tx: Tx, contact_id: UUID) -> list[Identity]:
    """Those of all contacts of his person that count now."""
    return [msgspec.convert(dict(row), Identity) for row in await tx.fetch(SQL.identities_of, contact_id)]


async def holders(tx: Tx, blinds: Sequence[bytes]) -> list[Record]:
    return list(await tx.fetch(SQL.holders, blinds))


async def held(tx: Tx, blinds: Sequence[bytes]) -> set[bytes]:
    """Which of these identifiers somebody has."""
    return {row["blind"] for row in await holders(tx, blinds)}


async def add_identities(tx: Tx, rows: Sequence[IdentityRow], at: datetime) -> set[bytes]:
    """The blind indexes of those that are new; the others somebody holds. Rows come in the order of their blinds."""
    if not rows:
        return set()
    if len(rows) >= _MANY and await copied_all(tx, "identity", _IDENTITY, [(*row, at) for row in rows]):
        return {row[5] for row in rows}
    made = await tx.fetch(SQL.add_identities, *(list(column) for column in zip(*rows, strict=True)), at)
    return {row["blind"] for row in made}


async def add_contacts(tx: Tx, rows: Sequence[ContactRow], at: datetime) -> None:
    if len(rows) >= _MANY:
        made = [(id, id, name, level, key, fields, locale, at, 1) for id, name, level, fields, key, locale in rows]
        await copy_new(tx, "contact", _CONTACT, made)
    elif rows:
        await tx.execute(SQL.add_contacts, *(list(column) for column in zip(*rows, strict=True)), at)


async def prove(tx: Tx, proved: Mapping[UUID, tuple[datetime, bool]]) -> None:
    """When each identity was proved, and whether that makes it a primary one."""
    if proved:
        ids = sorted(proved)
        await tx.execute(SQL.prove, ids, [proved[id][0] for id in ids], [proved[id][1] for id in ids])


async def known_claims(tx: Tx, claims: Sequence[tuple[UUID, bytes]]) -> set[tuple[UUID, bytes]]:
    rows = await tx.fetch(SQL.known_claims, [c for c, _ in claims], [blind for _, blind in claims])
    return {(row["contact_id"], row["blind"]) for row in rows}


async def add_claims(tx: Tx, rows: Sequence[tuple[UUID, str, bytes, bytes, str]], at: datetime) -> None:
    if rows:
        await tx.execute(SQL.add_claims, *(list(column) for column in zip(*rows, strict=True)), at)


async def data_keys_of(tx: Tx, contacts: Sequence[UUID]) -> dict[UUID, bytes]:
    return {row["id"]: row["data_key"] for row in await tx.fetch(SQL.data_keys_of, contacts)} if contacts else {}


async def versions(tx: Tx, contacts: Sequence[UUID]) -> dict[UUID, int]:
    return {row["id"]: row["version"] for row in await tx.fetch(SQL.versions, contacts)} if contacts else {}


async def link_pairs(
    tx: Tx, rows: Sequence[tuple[UUID, UUID, UUID, dict[str, Any]]], strength: Strength, actor: str, at: datetime, *,
    again: bool,
) -> list[Linked]:  # fmt: skip
    """In the order of the rows; `again`: also what was linked before and undone."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    return [Linked(*row.values()) for row in await tx.fetch(SQL.link_pairs, *columns, strength, actor, at, again)]


async def lock_cards(tx: Tx, contacts: Collection[UUID]) -> dict[UUID, Card]:
    """What is known of these, locked in the order of ids."""
    rows = await tx.fetch(SQL.lock_cards, sorted(contacts))
    return {row["id"]: Card(*row.values()) for row in rows}


async def write_cards(tx: Tx, cards: Sequence[Card]) -> dict[UUID, int]:
    """Name, level and fields of contacts that are locked; their new versions."""
    if not cards:
        return {}
    rows = await tx.fetch(
        SQL.write_cards, [c.id for c in cards], [c.name for c in cards], [c.level for c in cards],
        [c.fields for c in cards],
    )  # fmt: skip
    return {row["id"]: row["version"] for row in rows}
