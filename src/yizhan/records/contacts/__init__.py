"""Contacts 客户: records as they came, the identities on which facts hang, and the links that make them one person."""

from yizhan.records.contacts.model import Claimed, Contact, Identity, Link, Strength
from yizhan.records.contacts.policy import heads
from yizhan.records.contacts.rotation import rewrap_contacts
from yizhan.records.contacts.service import (
    add_proved,
    change_contact,
    claim,
    claimants,
    key_of,
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
    contact,
    identity,
    identity_by_blind,
    links_among,
    members,
    side_of_link,
    verify,
)

__all__ = [
    "Claimed",
    "Contact",
    "Identity",
    "Link",
    "Strength",
    "add_proved",
    "change_contact",
    "claim",
    "claimants",
    "claimed",
    "contact",
    "heads",
    "identity",
    "identity_by_blind",
    "key_of",
    "link_contacts",
    "links_among",
    "members",
    "open_claim",
    "open_identity",
    "rename",
    "reveal",
    "rewrap_contacts",
    "side_of_link",
    "unlink_contacts",
    "verify",
    "visitor_identities",
]
