"""What is known of contacts and changed; un-linking is exact: facts hang on identities, only heads are rewritten."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from yizhan.foundation.crypto import DataKey, Vault
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit
from yizhan.records.contacts import policy, store
from yizhan.records.contacts.kinds import blind_kind
from yizhan.records.contacts.model import Contact, Identity

_MOST_CLAIMANTS = 5


async def unlink_contacts(tx: Tx, link_id: UUID, *, reason: str, actor: str, now: datetime) -> None:
    """撤销合并: restores exactly the groups the remaining links make, also after later messages."""
    if not reason.strip():
        raise Invalid("say why the link is wrong", "reason")
    link = await store.link(tx, link_id)
    heads = await store.lock_persons(tx, [link.a_contact, link.b_contact])
    await store.link(tx, link_id)  # somebody may have undone it while we waited for the locks
    members = await store.members(tx, heads)
    await store.end_link(tx, link_id, now, actor)
    held = await store.links_among(tx, members)
    await store.set_persons(tx, policy.heads(members, [(x.a_contact, x.b_contact) for x in held]))
    await tell(tx, "contact.unlinked", link.a_contact, actor, now, {
        "link": link_id, "other": link.b_contact, "reason": reason.strip()[:200],
    })  # fmt: skip


async def visitor_identities(tx: Tx, identity: Identity, inbox_id: UUID) -> list[UUID]:
    """Whose conversations a visitor may see: his own first, and of a proved user those of before he signed in."""
    return [identity.id, *await store.signed_in_before(tx, identity.id, inbox_id)]


async def add_proved(
    tx: Tx, vault: Vault, *, kind: str, value: str, blind: bytes, masked: str, inbox_id: UUID, name: str, locale: str,
    now: datetime,
) -> None:  # fmt: skip
    """A customer who proved who he is and has not written as himself yet. Nothing happens when he is known."""
    identity_id, contact_id, key = new_id(now), new_id(now), vault.new_key()
    sealed = key.seal(value.encode(), aad=identity_id.bytes)
    if await store.add_identity(tx, identity_id, contact_id, kind, sealed, blind, masked, inbox_id, now):
        await store.add_contact(tx, contact_id, name, locale, vault.wrap(key, aad=contact_id.bytes), now)
        await tell(tx, "contact.created", contact_id, "system", now, {"channel": "webchat"})


async def claim(
    tx: Tx, vault: Vault, contact_id: UUID, *, kind: str, value: str, masked: str, actor: str, now: datetime
) -> None:
    """Keeps an address the visitor typed. It proves nothing and shows him nothing of whoever owns it."""
    blind = vault.blind(blind_kind(kind), value)
    key = vault.unwrap(await store.data_key(tx, contact_id), aad=contact_id.bytes)
    await store.add_claim(tx, contact_id, kind, blind, key.seal(value.encode(), aad=blind), masked, now)
    await tell(tx, "contact.claimed", contact_id, actor, now, {"kind": kind})


async def open_claim(tx: Tx, vault: Vault, contact_id: UUID, blind: bytes) -> str:
    """An address that was left, in clear: only to write to it."""
    sealed, wrapped = await store.sealed_claim(tx, contact_id, blind)
    return vault.unwrap(wrapped, aad=contact_id.bytes).open(sealed, aad=blind).decode()


async def claimants(tx: Tx, vault: Vault, kind: str, value: str) -> list[UUID]:
    """Contacts that gave an address as theirs, where it is not known to be: a suggestion for a person, no more."""
    return await store.claimants(tx, vault.blind(blind_kind(kind), value), _MOST_CLAIMANTS)


async def rename(tx: Tx, contact_id: UUID, name: str, *, actor: str, now: datetime) -> None:
    words = name.strip()[:80]
    if words and await store.rename(tx, contact_id, words) is not None:
        await tell(tx, "contact.changed", contact_id, actor, now, {"fields": ["name"]})


async def change_contact(tx: Tx, c: Contact, *, actor: str, now: datetime) -> Contact:
    """`c` carries the wanted values and the version they were read with."""
    if not c.name.strip() or len(c.name) > 80:
        raise Invalid("a name has 1 to 80 characters", "name")
    if not 0 <= c.level <= 9:
        raise Invalid("a level is 0 to 9", "level")
    changed = msgspec.structs.replace(c, version=await store.change(tx, c))
    await tell(tx, "contact.changed", c.id, actor, now, {"fields": ["name", "level", "fields"]})
    return changed


async def reveal(tx: Tx, vault: Vault, identity_id: UUID, *, reason: str, actor: str, now: datetime) -> str:
    """The value in clear, for a stated reason that stays in the journal."""
    found = await store.identity(tx, identity_id)
    what = {"identity": identity_id, "kind": found.kind}
    await journal_reveal(tx, found.contact_id, what, reason=reason, actor=actor, now=now)
    return await open_identity(tx, vault, identity_id)


async def journal_reveal(
    tx: Tx, contact_id: UUID, what: dict[str, Any], *, reason: str, actor: str, now: datetime
) -> None:
    """Whoever shows something in clear says first what, to whom and why."""
    if len(reason.strip()) < 2:
        raise Invalid("say why you need to see it", "reason")
    await tell(tx, "contact.revealed", contact_id, actor, now, {**what, "reason": reason.strip()[:200]})


async def key_of(tx: Tx, vault: Vault, contact_id: UUID) -> DataKey:
    """The contact's own key, for what others keep of him; destroyed with him."""
    return vault.unwrap(await store.data_key(tx, contact_id), aad=contact_id.bytes)


async def keys_of(tx: Tx, vault: Vault, contacts: Collection[UUID]) -> dict[UUID, DataKey]:
    wrapped = await store.data_keys_of(tx, sorted(contacts))
    return {id: vault.unwrap(key, aad=id.bytes) for id, key in wrapped.items()}


async def open_identity(tx: Tx, vault: Vault, identity_id: UUID) -> str:
    """For sending only: the address a reply goes to."""
    found = await store.identity(tx, identity_id)
    key = vault.unwrap(found.data_key, aad=found.contact_id.bytes)
    return key.open(found.sealed, aad=found.id.bytes).decode()


async def tell(tx: Tx, kind: str, contact_id: UUID, actor: str, now: datetime, facts: dict[str, Any]) -> None:
    """The event of a change of a contact, with its version as it is now."""
    version = await store.version(tx, contact_id)
    await emit(tx, [Event(
        kind=kind, subject=contact_id, subject_version=version, at=now, actor=actor, contact_id=contact_id, data=facts,
    )])  # fmt: skip
