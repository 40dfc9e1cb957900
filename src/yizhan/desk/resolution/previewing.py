"""Before it is done: what two customers would be as one, and what of one would be on which side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from yizhan.desk.resolution import service, store
from yizhan.desk.resolution.model import Candidate, Judgement
from yizhan.desk.resolution.rules import ResolutionDocument
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import NotFound
from yizhan.records import contacts
from yizhan.records.contacts import Link, heads


class Known(msgspec.Struct, frozen=True):
    """An address as everybody may see it."""

    kind: str
    masked: str
    verified: bool = False
    ended: bool = False


class Face(msgspec.Struct, frozen=True):
    """A contact with how much hangs on it. `claims` are what he only says of himself."""

    id: UUID
    name: str
    level: int
    created_at: datetime
    identities: tuple[Known, ...]
    claims: tuple[Known, ...]
    conversations: int
    tickets: int
    orders: int


class Side(msgspec.Struct, frozen=True):
    """A person: `contacts` are linked, the head first."""

    person_id: UUID
    contacts: tuple[Face, ...]


class MergePreview(msgspec.Struct, frozen=True):
    """`one_person`: they are already. `refused`: they can never be."""

    sides: tuple[Side, ...]
    head: UUID
    judgement: Judgement
    candidate: Candidate | None
    one_person: bool
    refused: bool


class SplitPreview(msgspec.Struct, frozen=True):
    """The persons that remain without the link; only one where others still join the two."""

    link: Link
    before: Side
    after: tuple[Side, ...]


async def sides_of(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Side]:
    """The person of each of these contacts."""
    members: dict[UUID, list[Face]] = {id: [] for id in ids}
    persons: dict[UUID, UUID] = {}
    for row in await store.faces(tx, ids):
        members[row["of_contact"]].append(_face({**row}))
        persons[row["of_contact"]] = row["person_id"]
    missing = next((id for id in ids if id not in persons), None)
    if missing is not None:
        raise NotFound(f"contact {missing}")
    return {id: Side(persons[id], tuple(members[id])) for id in ids}


async def merge_preview(
    tx: Tx, vault: Vault, rules: ResolutionDocument, one: UUID, other: UUID, now: datetime
) -> MergePreview:
    sides = await sides_of(tx, [one, other])
    judgement = await service.compare(tx, vault, rules, one, other, now)
    persons = sorted({side.person_id for side in sides.values()})
    return MergePreview(
        (sides[one], sides[other]), persons[0], judgement, await store.of_pair(tx, (min(one, other), max(one, other))),
        len(persons) == 1, await contacts.cards_differ(tx, one, other),
    )  # fmt: skip


async def split_preview(tx: Tx, link_id: UUID, contact_id: UUID) -> SplitPreview:
    """`contact_id` is one of the link's contacts."""
    before = (await sides_of(tx, [contact_id]))[contact_id]
    links = await store.links_of(tx, [face.id for face in before.contacts])
    link = next((each for each in links if each.id == link_id), None)
    if link is None:
        raise NotFound(f"link {link_id}")
    rest = [(each.a_contact, each.b_contact) for each in links if each.id != link_id]
    parts: dict[UUID, list[Face]] = {}
    head_of = heads([face.id for face in before.contacts], rest)
    touched = {head_of[link.a_contact], head_of[link.b_contact]}
    for face in before.contacts:
        parts.setdefault(head_of[face.id], []).append(face)
    return SplitPreview(link, before, tuple(
        Side(head, tuple(faces)) for head, faces in sorted(parts.items()) if head in touched
    ))  # fmt: skip


def _face(row: dict[str, Any]) -> Face:
    return msgspec.convert({name: row[name] for name in Face.__struct_fields__}, Face)
