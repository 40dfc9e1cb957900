"""What screens show, row by row. The same rows go out by HTTP and as live frames."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from yizhan.records.outbox import Failure


class ConversationRow(msgspec.Struct, frozen=True):
    id: UUID
    version: int
    phase: str
    live: bool
    channel: str
    inbox_id: UUID
    inbox_name: str
    contact_id: UUID
    contact_name: str
    contact_level: int
    verified: bool
    agent_id: UUID | None
    agent_name: str | None
    team_id: UUID | None
    brand_id: UUID
    ticket_id: UUID | None
    ticket_number: int | None
    ticket_status: str | None
    type: str | None
    priority: int | None
    preview: str
    unread: int
    waiting_since: datetime | None
    last_message_at: datetime
    seniority: datetime
    asleep: bool
    queued_at: datetime | None
    assigned_at: datetime | None
    first_response_at: datetime | None
    joined_ticket_id: UUID | None
    joined_ticket_number: int | None
    ended_at: datetime | None
    end_reason: str | None
    summary: dict[str, Any] | None
    rating: dict[str, Any] | None
    identity_id: UUID
    identity_kind: str
    identity_masked: str


class Due(msgspec.Struct, frozen=True):
    """The promise of a ticket that ends first: `state` is running, warned 即将超时, breached 已超时 or paused.

    A paused one has no `due_at`: it goes on when the customer has answered.
    """

    kind: str
    due_at: datetime | None
    state: str


class TicketRow(msgspec.Struct, frozen=True):
    id: UUID
    version: int
    number: int
    subject: str
    status: str
    priority: int
    type: str
    channel: str
    contact_id: UUID
    contact_name: str
    contact_level: int
    agent_id: UUID | None
    agent_name: str | None
    owner_id: UUID | None
    team_id: UUID | None
    team_name: str | None
    brand_id: UUID
    preview: str
    unread: int
    waiting_since: datetime | None
    last_message_at: datetime
    created_at: datetime
    closed_at: datetime | None
    repeats: int
    merged_into: UUID | None
    linked_to: UUID | None
    order_no: str | None
    tags: list[str]
    waiting_reason: str | None
    next_follow_up: datetime | None
    chases: int
    parent_id: UUID | None
    due: Due | None = None


class Author(msgspec.Struct, frozen=True):
    kind: str
    name: str
    id: UUID | None = None


class SenderMark(msgspec.Struct, frozen=True):
    """Whether the sender is who he says: `verdict` passed, failed or unproved; `domain` proved it to `by`."""

    verdict: str = "unproved"
    domain: str = ""
    by: str = ""
    spf: str = "none"
    dkim: str = "none"
    dmarc: str = "none"
    arc: str = "none"


class MessageRow(msgspec.Struct, frozen=True):
    """`failure` says why it did not arrive and what may be done; `sender` is known of mails from outside."""

    id: UUID
    conversation_id: UUID
    ticket_id: UUID | None
    contact_id: UUID
    identity_id: UUID
    channel: str
    direction: str
    author: Author
    kind: str
    text: str
    html: str | None
    quoted: str | None
    attachments: list[dict[str, Any]]
    payload: dict[str, Any] | None
    at: datetime
    delivery: str | None
    delivery_error: str | None
    recalled_at: datetime | None
    client_id: str | None
    failure: Failure | None = None
    sender: SenderMark | None = None


class NoteRow(msgspec.Struct, frozen=True):
    id: UUID
    ticket_id: UUID
    conversation_id: UUID | None
    action: str
    from_status: str | None
    to_status: str | None
    text: str
    typed: bool
    author: Author
    at: datetime
    code: str | None = None  # a sentence of ours, said in the reader's language; its gaps are filled by `parts`
    parts: dict[str, str] | None = None


class TicketFilter(msgspec.Struct, frozen=True, kw_only=True):
    """`after` is the (last_message_at, id) of the last row seen; where `due` is asked for, the (due_at, id).

    `due` is any, warned or breached: then the ticket that is due first comes first. `team_id` counts only with it.
    """

    view: str = "all"
    status: str | None = None
    channel: str | None = None
    priority: int | None = None
    type: str | None = None
    due: str | None = None
    tag: str | None = None
    team_id: UUID | None = None
    after: tuple[datetime, UUID] | None = None
    limit: int = 50


class ContactHead(msgspec.Struct, frozen=True):
    id: UUID
    person_id: UUID
    name: str
    level: int
    fields: dict[str, Any]
    created_at: datetime
    version: int


class MemberRow(msgspec.Struct, frozen=True):
    """A contact of the same person."""

    id: UUID
    name: str


class PersonLink(msgspec.Struct, frozen=True):
    """Why two contacts are taken for one person, who said so and when. `by` is the name of a colleague."""

    id: UUID
    a_contact: UUID
    b_contact: UUID
    a_name: str
    b_name: str
    strength: str
    evidence: dict[str, Any]
    actor: str
    by: str | None
    at: datetime


class IdentityRow(msgspec.Struct, frozen=True):
    """`fresh_until` is the end of what its verification proves, None for as long as it is his; since `valid_to` it is
    his no longer."""

    id: UUID
    contact_id: UUID
    kind: str
    rank: str
    masked: str
    verified_at: datetime | None
    valid_from: datetime
    valid_to: datetime | None
    inbox_name: str | None
    claimed: bool
    fresh_until: datetime | None = None


class TicketElsewhere(msgspec.Struct, frozen=True):
    """A ticket beyond the viewer's scope: that there is one, and which team to ask."""

    id: UUID
    number: int
    type: str
    status: str
    team_name: str
    last_message_at: datetime


class CustomerView(msgspec.Struct, frozen=True):
    """Who a person is, and what is on for him. Of `elsewhere` nobody who may not see it learns what it is about."""

    contact: ContactHead
    members: list[MemberRow]
    links: list[PersonLink]
    identities: list[IdentityRow]
    tickets: list[TicketRow]
    elsewhere: list[TicketElsewhere]
