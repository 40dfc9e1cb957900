"""Contacts 客户: records as they came, the identities on which facts hang, and the links that make them one person."""

from yizhan.records.contacts.finding import find_or_create, reach
from yizhan.records.contacts.joining import Pair, join
from yizhan.records.contacts.keyed import Keyed, is_proof, keyed
from yizhan.records.contacts.kinds import (
    AUXILIARY,
    PRIMARY,
    SHIPPED,
    IdentityKind,
    IdentityKinds,
    blind_kind,
    fresh_until,
    is_fresh,
    kind_of,
    kinds_in_force,
    mailbox,
    mask,
    may_link,
    normalise,
    rank,
    use,
)
<<<<<<< HEAD
from yizhan.records.contacts.model import Card, Claimed, Contact, Identifier, Identity, Link, Reached, Strength
=======
from yizhan.records.contacts.model import Claimed, ClaimRow, Contact, Identity, Link, Strength
>>>>>>> f2210ac (verification: codes and signed links during a contact, what is shut until they come back; numbers end, are shared, and join only while they are fresh)
from yizhan.records.contacts.policy import heads
from yizhan.records.contacts.proving import Proof, end_identity, hold, prove_identifier, share_identity
from yizhan.records.contacts.rotation import rewrap_contacts
from yizhan.records.contacts.service import (
    add_proved,
    change_contact,
    claim,
    claimants,
    key_of,
    keys_of,
    link_contacts,
    open_claim,
    open_identity,
    rename,
    reveal,
    unlink_contacts,
    visitor_identities,
)
from yizhan.records.contacts.store import (
    claimed,
    claims_of,
    contact,
    identities_of,
    identity,
    identity_by_blind,
    links_among,
    lock_cards,
    members,
    side_of_link,
    verify,
    write_cards,
)

__all__ = [
    "AUXILIARY",
    "PRIMARY",
    "SHIPPED",
<<<<<<< HEAD
    "Card",
=======
    "ClaimRow",
>>>>>>> f2210ac (verification: codes and signed links during a contact, what is shut until they come back; numbers end, are shared, and join only while they are fresh)
    "Claimed",
    "Contact",
    "Identifier",
    "Identity",
    "IdentityKind",
    "IdentityKinds",
    "Keyed",
    "Link",
<<<<<<< HEAD
    "Pair",
    "Reached",
=======
    "Proof",
>>>>>>> f2210ac (verification: codes and signed links during a contact, what is shut until they come back; numbers end, are shared, and join only while they are fresh)
    "Strength",
    "add_proved",
    "blind_kind",
    "change_contact",
    "claim",
    "claimants",
    "claimed",
    "claims_of",
    "contact",
<<<<<<< HEAD
    "find_or_create",
=======
    "end_identity",
>>>>>>> f2210ac (verification: codes and signed links during a contact, what is shut until they come back; numbers end, are shared, and join only while they are fresh)
    "fresh_until",
    "heads",
    "hold",
    "identities_of",
    "identity",
    "identity_by_blind",
    "is_fresh",
    "is_proof",
    "join",
    "key_of",
    "keyed",
    "keys_of",
    "kind_of",
    "kinds_in_force",
    "link_contacts",
    "links_among",
    "lock_cards",
    "mailbox",
    "mask",
    "may_link",
    "members",
    "normalise",
    "open_claim",
    "open_identity",
    "prove_identifier",
    "rank",
    "reach",
    "rename",
    "reveal",
    "rewrap_contacts",
    "share_identity",
    "side_of_link",
    "unlink_contacts",
    "use",
    "verify",
    "visitor_identities",
    "write_cards",
]
