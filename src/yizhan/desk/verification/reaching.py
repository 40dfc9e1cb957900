"""Where a code can go: the addresses of a customer that are known, by handle and mask; opened only to send."""

from __future__ import annotations

from uuid import UUID

from yizhan.desk.verification.documents import VerificationRules
from yizhan.desk.verification.model import VerificationReach
from yizhan.desk.views import ConversationRow
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import NotFound
from yizhan.records import contacts, verifications
from yizhan.records.conversations import Conversation
from yizhan.records.verifications import Way


async def reaches(tx: Tx, c: Conversation | ConversationRow, rules: VerificationRules) -> list[VerificationReach]:
    proved = await verifications.joined(tx, [c.contact_id])
    found: dict[tuple[str, str], VerificationReach] = {}

    def keep(way: Way, kind: str, masked: str, address: str, *, own: bool, whose: UUID) -> None:
        one = VerificationReach(
            way=way, kind=kind, masked=masked, address=address, own=own, guessed=whose not in proved
        )  # fmt: skip
        known = found.get((way, masked))
        if known is None or (known.guessed and not one.guessed):
            found[way, masked] = one

    for held in await contacts.identities_of(tx, c.contact_id):
        for way in _ways(held.kind, held.id == c.identity_id, c, rules):
            own = held.verified_at is not None
            keep(way, held.kind, held.masked, f"i:{held.id}", own=own, whose=held.contact_id)
    for said in await contacts.claims_of(tx, c.contact_id):
        for way in _ways(said.kind, False, c, rules):
            keep(way, said.kind, said.masked, f"c:{said.blind.hex()}", own=False, whose=said.contact_id)
    return sorted(found.values(), key=lambda each: (each.guessed, not each.own, each.way, each.masked))


def _ways(kind: str, this: bool, c: Conversation | ConversationRow, rules: VerificationRules) -> list[Way]:
    """A landline gets no text message; its mask tells as much as its number would."""
    if kind == "phone" and rules.offers(Way.SMS):
        return [Way.SMS]
    if kind != "email":
        return []
    here = [Way.LINK] if this and c.channel == "email" and rules.offers(Way.LINK) else []
    return [*here, *([Way.MAIL] if rules.offers(Way.MAIL) else [])]


async def opened(tx: Tx, vault: Vault, c: Conversation, chosen: VerificationReach) -> tuple[bytes, str]:
    if chosen.address.startswith("i:"):
        value = await contacts.open_identity(tx, vault, UUID(chosen.address[2:]))
        return vault.blind(contacts.blind_kind(chosen.kind), value), value
    blind = bytes.fromhex(chosen.address[2:])
    said = await value_of(tx, vault, c, chosen.kind, blind)
    if said is None:
        raise NotFound("there is no such way to this customer")
    return blind, said


async def value_of(tx: Tx, vault: Vault, c: Conversation, kind: str, blind: bytes) -> str | None:
    """The address in clear, of an identity or of what somebody left; None when it is gone."""
    held = await contacts.identity_by_blind(tx, blind)
    if held is not None:
        return await contacts.open_identity(tx, vault, held.id)
    for said in await contacts.claims_of(tx, c.contact_id):
        if said.blind == blind:
            return await contacts.open_claim(tx, vault, said.contact_id, blind)
    return None
