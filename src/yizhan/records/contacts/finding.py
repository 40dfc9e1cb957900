"""Contacts for many identifiers at once, found or made: a source's rows become contacts of their own.

The first identifier of a row is its key: who holds it is the contact. Of the others those that nobody holds become his;
one that another contact holds makes the two one person where both have proved it, and else is a claim, for people to
judge. No contact is ever written over by another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from yizhan.foundation.crypto import DataKey, Vault
from yizhan.foundation.db import Tx
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit, emit_alike
from yizhan.records.contacts import cards, joining, kinds, store
from yizhan.records.contacts.cards import CARD, NewCard
from yizhan.records.contacts.joining import Pair
from yizhan.records.contacts.keyed import Keyed, is_proof, keyed
from yizhan.records.contacts.model import Identifier, Newcomer, Reached

ADDED, VERIFIED = "identity.added", "identity.verified"
LATELY = timedelta(hours=12)
"""Of a proof: channels and sources say so again and again."""

Drawing = Callable[[int, UUID, DataKey], Newcomer]
"""What a contact that row `at` makes is to be written as; his id and his key are made already."""


async def find_or_create(
    tx: Tx, vault: Vault, many: Sequence[Sequence[Identifier]], *, now: datetime, by: str
) -> list[UUID]:
    """The contact of each row; raises Invalid for an identifier that is none."""
    rows = [[keyed(vault, each) for each in row] for row in many]
    return [found.contact_id for found in await reach(tx, vault, rows, now=now, by=by)]


async def reach(
    tx: Tx, vault: Vault, rows: Sequence[Sequence[Keyed]], *, now: datetime, by: str, drawn: Drawing | None = None,
    channel: str = "source",
) -> list[Reached]:  # fmt: skip
    """In the order of the rows, none of which is empty. A new contact is as `drawn` says; one without a name is
    called by its key. Of rows with one key the first one makes him. `channel` is where they come from."""
    if not rows:
        return []
    search = _Search(tx, vault, now, by, drawn or _unknown, channel)
    await search.look_up(each.blind for row in rows for each in row)
    await search.make_contacts(rows)
    holders = [search.holders[row[0].blind] for row in rows]
    await search.add_identities([
        (each, holder.contact_id) for row, holder in zip(rows, holders, strict=True) for each in row[1:]
    ])  # fmt: skip
    await search.settle(rows, holders)
    await search.tell()
    return [
        Reached(each.contact_id, each.identity_id, each.contact_id in search.keys, search.grown(row, each))
        for row, each in zip(rows, holders, strict=True)
    ]


def _unknown(_: int, __: UUID, ___: DataKey) -> Newcomer:
    return Newcomer()


class Holder(NamedTuple):
    """Who an identifier belongs to now."""

    identity_id: UUID
    contact_id: UUID
    verified_at: datetime | None
    kind: str


class _Search:
    """One batch on its way: `holders` by blind index, `keys` of the contacts that it made."""

    def __init__(self, tx: Tx, vault: Vault, now: datetime, by: str, drawn: Drawing, channel: str) -> None:
        self._tx = tx
        self._vault = vault
        self._now = now
        self._by = by
        self._drawn = drawn
        self._channel = channel
        self.holders: dict[bytes, Holder] = {}
        self.keys: dict[UUID, DataKey] = {}
        self._opened: dict[UUID, DataKey] = {}
        self._added: set[bytes] = set()
        self._proved: set[bytes] = set()

    async def look_up(self, blinds: Iterable[bytes]) -> None:
        for row in await store.holders(self._tx, sorted(set(blinds))):
            self.holders[row["blind"]] = Holder(row["id"], row["contact_id"], row["verified_at"], row["kind"])

    async def make_contacts(self, rows: Sequence[Sequence[Keyed]]) -> None:
        """For keys that nobody holds; one that another transaction took meanwhile is looked up again."""
        wanted: dict[bytes, tuple[int, Keyed]] = {}
        for at, row in enumerate(rows):
            if row[0].blind not in self.holders:
                wanted.setdefault(row[0].blind, (at, row[0]))
        drafts = []
        for blind in sorted(wanted):
            at, key = wanted[blind]
            contact_id, own = new_id(self._now), self._vault.new_key()
            drafts.append((self._row(key, contact_id, own), at, key, contact_id, own))
        made = await store.add_identities(self._tx, [draft[0] for draft in drafts], self._now)
        won = [draft for draft in drafts if draft[0][5] in made]
        await store.add_contacts(self._tx, [self._contact(*draft[1:]) for draft in won], self._now)
        for held, _, _, contact_id, own in won:
            self.keys[contact_id] = own
            self.holders[held[5]] = Holder(held[0], contact_id, held[7], held[2])
        if len(won) < len(drafts):
            await self.look_up(draft[0][5] for draft in drafts if draft[0][5] not in made)
        born = [contact_id for _, _, _, contact_id, _ in won]
        if born:
            alike = Event(kind="contact.created", subject=born[0], subject_version=1, at=self._now, actor=self._by,
                          data={"channel": self._channel})  # fmt: skip
            await emit_alike(self._tx, alike, born)

    async def add_identities(self, wanted: Sequence[tuple[Keyed, UUID]]) -> None:
        """For those of the others that nobody holds; of two rows that bring the same the first one has it."""
        free: dict[bytes, tuple[Keyed, UUID]] = {}
        for each, contact_id in wanted:
            if each.blind not in self.holders:
                free.setdefault(each.blind, (each, contact_id))
        if not free:
            return
        await self._open_keys(contact_id for _, contact_id in free.values())
        rows = [self._row(*free[blind], self._own(free[blind][1])) for blind in sorted(free)]
        made = await store.add_identities(self._tx, rows, self._now)
        made -= await cards.withdraw_second(
            self._tx, [NewCard(row[0], row[1], row[5]) for row in rows if row[2] == CARD and row[5] in made]
        )
        for row in rows:
            if row[5] in made:
                self.holders[row[5]] = Holder(row[0], row[1], row[7], row[2])
                if row[1] not in self.keys:
                    self._added.add(row[5])
        if lost := free.keys() - made:
            await self.look_up(lost)

    async def settle(self, rows: Sequence[Sequence[Keyed]], holders: Sequence[Holder]) -> None:
        """What is proved anew is noted; what others hold joins the two, or stays a claim."""
        proved: dict[UUID, tuple[datetime, bool]] = {}
        pairs: dict[tuple[UUID, UUID], Pair] = {}
        claims: dict[tuple[UUID, bytes], Keyed] = {}
        for row, own in zip(rows, holders, strict=True):
            for each in row:
                holder = self.holders.get(each.blind)
                if holder is None:  # a second identity card
                    claims[own.contact_id, each.blind] = each
                elif holder.contact_id == own.contact_id:
                    if each.verified_at and (holder.verified_at is None or holder.verified_at < each.verified_at):
                        proved[holder.identity_id] = (each.verified_at, each.links)
                        if holder.verified_at is None or each.verified_at - holder.verified_at > LATELY:
                            self._proved.add(each.blind)
                elif self._joins(each, holder):
                    evidence: dict[str, Any] = {"kind": each.kind, "address": each.masked}
                    pairs[own.contact_id, holder.contact_id] = Pair(own.contact_id, holder.contact_id, evidence)
                else:
                    claims[own.contact_id, each.blind] = each
        await store.prove(self._tx, proved)
        await joining.join(self._tx, list(pairs.values()), now=self._now, by=self._by)
        await self._claim(claims)

    async def tell(self) -> None:
        """Of contacts that were known: what is new of how they are known. What was proved lately is not told again."""
        known = {blind: self.holders[blind] for blind in self._added | self._proved}
        versions = await store.versions(self._tx, sorted({each.contact_id for each in known.values()}))
        await emit(self._tx, [
            Event(kind=ADDED if blind in self._added else VERIFIED, subject=each.contact_id,
                  subject_version=versions[each.contact_id], at=self._now, actor=self._by, contact_id=each.contact_id,
                  data={"identity": each.identity_id, "kind": each.kind} | (
                      {"verified": each.verified_at is not None} if blind in self._added else {"how": "source"}))
            for blind, each in sorted(known.items())
        ])  # fmt: skip

    def grown(self, row: Sequence[Keyed], holder: Holder) -> bool:
        """Whether by this row more is known of who he is."""
        return any(
            each.blind in self._added and self.holders[each.blind].contact_id == holder.contact_id for each in row
        )

    def _joins(self, each: Keyed, holder: Holder) -> bool:
        """Both have proved it lately, and neither side has it as a number that many share."""
        return (
            each.links and kinds.may_link(holder.kind, each.value)
            and is_proof(each.kind, each.verified_at, self._now)
            and is_proof(holder.kind, holder.verified_at, self._now)
        )  # fmt: skip

    async def _claim(self, claims: dict[tuple[UUID, bytes], Keyed]) -> None:
        if not claims:
            return
        known = await store.known_claims(self._tx, sorted(claims))
        fresh = sorted(claims.keys() - known)
        await self._open_keys(contact_id for contact_id, _ in fresh)
        rows = []
        for contact_id, blind in fresh:
            each = claims[contact_id, blind]
            sealed = self._own(contact_id).seal(each.value.encode(), aad=blind)
            rows.append((contact_id, each.kind, blind, sealed, each.masked))
        await store.add_claims(self._tx, rows, self._now)
        versions = await store.versions(self._tx, list({row[0] for row in rows}))
        await emit(self._tx, [
            Event(kind="contact.claimed", subject=c, subject_version=versions[c], at=self._now, actor=self._by,
                  contact_id=c, data={"kind": kind})
            for c, kind, *_ in rows
        ])  # fmt: skip

    async def _open_keys(self, contacts: Iterable[UUID]) -> None:
        missing = {c for c in contacts if c not in self.keys and c not in self._opened}
        for contact_id, wrapped in (await store.data_keys_of(self._tx, sorted(missing))).items():
            self._opened[contact_id] = self._vault.unwrap(wrapped, aad=contact_id.bytes)

    def _own(self, contact_id: UUID) -> DataKey:
        return self.keys.get(contact_id) or self._opened[contact_id]

    def _contact(self, at: int, key: Keyed, contact_id: UUID, own: DataKey) -> store.ContactRow:
        drawn = self._drawn(at, contact_id, own)
        wrapped = self._vault.wrap(own, aad=contact_id.bytes)
        return contact_id, drawn.name or key.masked, drawn.level, drawn.fields, wrapped, drawn.locale

    def _row(self, each: Keyed, contact_id: UUID, own: DataKey) -> store.IdentityRow:
        identity_id = new_id(self._now)
        rank = "primary" if each.links and is_proof(each.kind, each.verified_at, self._now) else "auxiliary"
        return (
            identity_id, contact_id, each.kind, rank, own.seal(each.value.encode(), aad=identity_id.bytes), each.blind,
            each.masked, each.verified_at, each.inbox_id,
        )  # fmt: skip
