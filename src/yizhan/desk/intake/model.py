"""What every channel hands over, and what the database knows about its sender."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from yizhan.records.contacts import Identifier


class Sender(msgspec.Struct, frozen=True, kw_only=True):
    """Who wrote, as the channel names him. `value` is normalised; ids of a platform are strings."""

    kind: str
    value: str
    inbox_scoped: bool
    rank: Literal["primary", "auxiliary"] = "auxiliary"
    verified: bool = False
    authenticated: bool = False  # the channel vouches for the address: a claim on it may become a link
    masked: str = ""


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file already kept in the blob store under `hash`."""

    hash: str
    name: str
    type: str
    size: int
    inline: bool = False
    cid: str | None = None


class InboundMessage(msgspec.Struct, frozen=True, kw_only=True):
    """One message of one sender in one inbox: the only thing intake accepts.

    `dedupe` is 16 bytes that are equal for every delivery of the same message; `keep_dedupe` for mail and imports,
    whose duplicates may come after years. `references` are hashes of Message-IDs, nearest first. `proofs` are further
    identifiers that the channel vouches for as the sender's own, each with the time of its proof.
    """

    inbox_id: UUID
    sender: Sender
    name: str
    text: str
    dedupe: bytes
    at: datetime
    received_at: datetime
    kind: str = "text"
    html: str | None = None
    quoted: str | None = None
    payload: dict[str, Any] | None = None
    attachments: tuple[Attachment, ...] = ()
    external_id: str | None = None
    client_id: str | None = None
    keep_dedupe: bool = False
    subject: str | None = None
    locale: str | None = None
    reply_conversation: UUID | None = None
    references: tuple[bytes, ...] = ()
    own_reference: bytes | None = None
    ticket_number: int | None = None
    order_no: str | None = None
    automatic: bool = False
    raw: str | None = None
    origin: dict[str, Any] = {}
    proofs: tuple[Identifier, ...] = ()


class Accepted(msgspec.Struct, frozen=True):
    """Durable: the transaction that stored the message is committed."""

    message_id: UUID
    conversation_id: UUID | None
    ticket_id: UUID | None
    duplicate: bool = False


class InboxFacts(msgspec.Struct, frozen=True):
    """What placing needs to know of an inbox."""

    id: UUID
    channel: str
    brand_id: UUID
    team_id: UUID | None
    live: bool
    bot: bool = False


class Known(msgspec.Struct, frozen=True):
    """A sender as the database has him after this batch."""

    identity_id: UUID
    contact_id: UUID
    person_id: UUID


class KnownConversation(msgspec.Struct):
    """Changed while a batch is placed: the next message of the same sender sees what the one before it did."""

    id: UUID
    identity_id: UUID
    inbox_id: UUID
    contact_id: UUID
    ticket_id: UUID | None
    phase: str
    live: bool
    agent_id: UUID | None
    version: int


class KnownTicket(msgspec.Struct):
    id: UUID
    brand_id: UUID
    contact_id: UUID
    status: str
    type: str
    agent_id: UUID | None
    team_id: UUID | None
    order_no: str | None
    last_message_at: datetime
    closed_at: datetime | None
    version: int


class Pointed(msgspec.Struct, frozen=True):
    """What a message points to, by a mail we know or by a ticket's number, and whose it is."""

    ticket_id: UUID | None
    person_id: UUID


class Gathered(msgspec.Struct, frozen=True):
    """Everything the database says about a batch, all of it locked.

    `repeated` are messages that came before, with the id they got then; `senders` are in the order they were asked for,
    None for one it does not know; `tickets` go by person, `pointed` by message. `held` are identities and persons of
    whom something is locked elsewhere, which was not waited for.
    """

    repeated: dict[int, UUID]
    senders: list[Known | None]
    conversations: list[KnownConversation]
    tickets: dict[UUID, list[KnownTicket]]
    pointed: dict[int, list[Pointed]]
    held: frozenset[UUID] = frozenset()
