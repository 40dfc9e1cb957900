"""What follows when somebody shows that an identifier is his, gives it up, or shares it with others."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Invalid
from yizhan.foundation.ids import new_id
from yizhan.records.contacts import kinds, store
from yizhan.records.contacts.cards import CARD, NewCard, withdraw_second
from yizhan.records.contacts.finding import LATELY
from yizhan.records.contacts.joining import link_contacts
from yizhan.records.contacts.model import Identity, Strength
from yizhan.records.contacts.service import claim, tell


class Proof(msgspec.Struct, frozen=True):
    """`link_id` where it made two contacts one person; `disputed` is who else has it and is not joined by it."""

    identity_id: UUID | None
    link_id: UUID | None = None
    disputed: UUID | None = None


async def hold(tx: Tx, contact_id: UUID, blind: bytes) -> None:
    """Locks what a proof of this address may change, in the order of locks: for who locks a conversation after it."""
    held = await store.lock_identity_by_blind(tx, blind)
    await store.lock_persons(tx, [contact_id] if held is None else [contact_id, held.contact_id])


async def prove_identifier(
    tx: Tx, vault: Vault, contact_id: UUID, kind: str, value: str, *, how: str, actor: str, now: datetime
) -> Proof:
    """A code was typed or a signed log-in said so: `value` (normalised) is this contact's now.

    Somebody else's who proved it lately is the same person, unless something else speaks against it. Of somebody
    else's whose proof is old the number has changed hands: his ends, and a person looks at the two.
    """
    blind = vault.blind(kinds.blind_kind(kind), value)
    held = await store.lock_identity_by_blind(tx, blind)
    if held is None:
        made = await _add(tx, vault, contact_id, kind, value, blind, actor, now)
        if made is not None:
            return Proof(made)
        held = await store.lock_identity_by_blind(tx, blind)  # another transaction was first
        assert held is not None, "who was first holds it"
    if not kinds.kind_of(held.kind).links:
        return Proof(held.id, disputed=None if held.contact_id == contact_id else held.contact_id)
    own, other = await store.persons(tx, contact_id, held.contact_id)
    if own == other:
        await _verify(tx, held, value, how, actor, now)
        return Proof(held.id)
    if await store.in_conflict(tx, own, other):
        return await _dispute(tx, contact_id, held, "conflict", actor, now)
    if held.verified_at is None and not _proves(held, now):
        await claim(
            tx, vault, contact_id, kind=kind, value=value, masked=held.masked, actor=actor, now=now
        )  # of the two nobody knows whether they are one: what he proved stays with him
        return await _dispute(tx, contact_id, held, "unverified", actor, now)
    if not kinds.may_link(kind, value) or not _proves(held, now):
        return await _take_over(tx, vault, contact_id, held, value, blind, actor, now)
    await _verify(tx, held, value, how, actor, now)
    link_id = await link_contacts(
        tx, contact_id, held.contact_id, strength=Strength.PROVED, actor=actor, now=now,
        evidence={"kind": kind, "address": held.masked, "how": how},
    )  # fmt: skip
    return Proof(held.id, link_id)


async def prove_by_login(
    tx: Tx, vault: Vault, contact_id: UUID, kind: str, value: str, *, actor: str, now: datetime
) -> None:
    """The house's own site says so in what it signed, with every page: what was proved lately is not told again."""
    held = await store.identity_by_blind(tx, vault.blind(kinds.blind_kind(kind), value))
    if held is not None and held.verified_at is not None and now - held.verified_at < LATELY:
        own, other = await store.persons(tx, contact_id, held.contact_id)
        if own == other:
            return
    await prove_identifier(tx, vault, contact_id, kind, value, how="login", actor=actor, now=now)


async def end_identity(tx: Tx, identity_id: UUID, *, reason: str, actor: str, now: datetime) -> Identity:
    """换号: it is his no longer; what was said by it stays his. From now on it may be another's."""
    if len(reason.strip()) < 2:
        raise Invalid("say why it is his no longer", "reason")
    held = await store.identity(tx, identity_id)
    await _end(tx, held, reason.strip()[:200], actor, now)
    return held


async def share_identity(tx: Tx, identity_id: UUID, kind: str, *, actor: str, now: datetime) -> None:
    """共用/总机: several people's, so it never again says who somebody is. `phone` takes that back."""
    held = await store.identity(tx, identity_id)
    if held.kind not in kinds.NUMBERS or kind not in kinds.NUMBERS:
        raise Invalid("only a phone number is shared or a switchboard's", "kind")
    if held.kind == kind:
        return
    await store.reclassify(tx, identity_id, kind, kinds.AUXILIARY)
    await tell(
        tx, "identity.shared", held.contact_id, actor, now, {"identity": identity_id, "from": held.kind, "to": kind}
    )


def _proves(held: Identity, now: datetime) -> bool:
    """Of kinds that nobody passes on it is enough that its owner writes by it and the channel vouches for him."""
    if kinds.kind_of(held.kind).fresh_days is None and held.rank == kinds.PRIMARY:
        return True
    return kinds.is_fresh(held.kind, held.verified_at, now)


async def _add(
    tx: Tx, vault: Vault, contact_id: UUID, kind: str, value: str, blind: bytes, actor: str, now: datetime
) -> UUID | None:
    id = new_id(now)
    key = vault.unwrap(await store.data_key(tx, contact_id), aad=contact_id.bytes)
    made = await store.add_identity(
        tx, id, contact_id, kind, key.seal(value.encode(), aad=id.bytes), blind, kinds.mask(kind, value), None, now,
        rank=kinds.rank(kind, value),
    )  # fmt: skip
    if not made:
        return None
    if kind == CARD and await withdraw_second(tx, [NewCard(id, contact_id, blind)]):
        raise Conflict("the customer has another identity card")
    await tell(tx, "identity.added", contact_id, actor, now, {"identity": id, "kind": kind, "verified": True})
    return id


async def _verify(tx: Tx, held: Identity, value: str, how: str, actor: str, now: datetime) -> None:
    await store.verify(tx, held.id, now, rank=kinds.rank(held.kind, value))
    await tell(
        tx, "identity.verified", held.contact_id, actor, now, {"identity": held.id, "kind": held.kind, "how": how}
    )


async def _take_over(
    tx: Tx, vault: Vault, contact_id: UUID, held: Identity, value: str, blind: bytes, actor: str, now: datetime
) -> Proof:
    """Nobody is joined: what the one before did by it stays his."""
    await _end(tx, held, "proved by another", actor, now)
    made = await _add(tx, vault, contact_id, held.kind, value, blind, actor, now)
    disputed = await _dispute(tx, contact_id, held, "passed_on", actor, now)
    return Proof(made, disputed=disputed.disputed)


async def _dispute(tx: Tx, contact_id: UUID, held: Identity, why: str, actor: str, now: datetime) -> Proof:
    """Evidence for a person to look at, never a link."""
    await tell(tx, "identity.disputed", contact_id, actor, now, {
        "identity": held.id, "other": held.contact_id, "kind": held.kind, "why": why,
    })  # fmt: skip
    return Proof(None, disputed=held.contact_id)


async def _end(tx: Tx, held: Identity, reason: str, actor: str, now: datetime) -> None:
    if not await store.end_identity(tx, held.id, now):
        raise Conflict("it has ended already")
    await tell(tx, "identity.ended", held.contact_id, actor, now, {
        "identity": held.id, "kind": held.kind, "reason": reason,
    })  # fmt: skip
