"""Where a code can go: the addresses of a customer that are known, by handle and mask; opened only to send."""

from __future__ import annotations

from uuid import UUID

from yizhan.desk.verification.documents import VerificationRules
from yizhan.desk.verification.model import VerificationReach
from yizhan.desk.views import ConversationRow
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import NotFound
from yizhan.records import contacts
from yizhan.records.conversations import Conversation
from yizhan.records.verifications import Way


async def reaches(tx: Tx, c: Conversation | ConversationRow, rules: VerificationRules) -> list[VerificationReach]:
    found: dict[tuple[str, str], VerificationReach] = {}
    for one in await contacts.identities_of(tx, c.contact_id):
        for way in _ways(one.kind, one.id == c.identity_id, c, rules):
            found.setdefault((way, one.masked), VerificationReach(
                way=way, kind=one.kind, masked=one.masked, address=f"i:{one.id}", own=one.verified_at is not None,
            ))  # fmt: skip
    for said in await contacts.claims_of(tx, c.contact_id):
        for way in _ways(said.kind, False, c, rules):
            found.setdefault((way, said.masked), VerificationReach(
                way=way, kind=said.kind, masked=said.masked, address=f"c:{said.blind.hex()}", own=False,
            ))  # fmt: skip
    return sorted(found.values(), key=lambda each: (not each.own, each.way, each.masked))


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
