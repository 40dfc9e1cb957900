"""What a batch adds to one conversation or one ticket, written once however many messages it got."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yizhan.desk.intake import policy
from yizhan.desk.intake.model import InboundMessage, InboxFacts, KnownConversation, KnownTicket
from yizhan.desk.intake.senders import Row
from yizhan.desk.intake.store import Writing


class ConversationTally:
    """Versions rise by one for each message: every frame of a screen has its own number."""

    def __init__(self, known: KnownConversation) -> None:
        self.known = known
        self._birth: tuple[int, InboxFacts, InboundMessage, KnownTicket | None] | None = None
        self._last: InboundMessage | None = None
        self._inbound = 0
        self._since: datetime | None = None
        self._ticket: UUID | None = None
        self._joined: UUID | None = None

    @classmethod
    def born(
        cls, known: KnownConversation, n: int, inbox: InboxFacts, message: InboundMessage, ticket: KnownTicket | None
    ) -> ConversationTally:
        """By the `n`th message of the batch, which also opened or found `ticket`."""
        tally = cls(known)
        tally._birth = n, inbox, message, ticket
        return tally

    def add(self, message: InboundMessage, ticket: KnownTicket | None, joined: UUID | None, *, waits: bool) -> None:
        self._last = message
        self._inbound += 1
        self._since = self._since or (message.at if waits else None)
        self._joined = joined or self._joined
        if ticket is not None:
            self._ticket = ticket.id
            self.known.ticket_id = ticket.id
        self.known.version += 1

    def write(self, rows: Writing) -> None:
        assert self._last is not None
        preview = policy.preview_of(self._last)
        at = self._since or self._last.at
        waiting = self._since is not None
        if self._birth is None:
            rows.touched.append(
                (self.known.id, at, preview, self._inbound, waiting, self._ticket, self._joined, self.known.version)
            )
            return
        n, inbox, first, ticket = self._birth
        k = self.known
        row: Row = (
            n, k.id, k.inbox_id, k.identity_id, k.contact_id, inbox.brand_id, inbox.team_id, k.ticket_id,
            inbox.channel, k.live, k.phase, k.agent_id, at, first.received_at, preview, self._inbound, waiting,
            self._joined, first.origin, k.version, ticket.id if ticket else None, ticket.team_id if ticket else None,
        )  # fmt: skip
        rows.conversations.append(row)


class TicketTally:
    def __init__(self, ticket: KnownTicket) -> None:
        self.ticket = ticket
        self._birth: tuple[int, InboxFacts, InboundMessage, UUID | None] | None = None
        self._last: InboundMessage | None = None
        self._inbound = 0
        self._since: datetime | None = None
        self._status: str | None = None
        self._closed_at: datetime | None = None
        self._reopened = False

    @classmethod
    def born(
        cls, ticket: KnownTicket, n: int, inbox: InboxFacts, message: InboundMessage, linked_to: UUID | None
    ) -> TicketTally:
        tally = cls(ticket)
        tally._birth = n, inbox, message, linked_to
        return tally

    def add(self, message: InboundMessage, *, waits: bool) -> None:
        self._last = message
        self._inbound += 1
        self._since = self._since or (message.at if waits else None)
        self.ticket.order_no = self.ticket.order_no or message.order_no
        self.ticket.last_message_at = max(self.ticket.last_message_at, message.at)
        self.ticket.version += 1

    def move(self, status: str, at: datetime, *, reopened: bool) -> None:
        self._status = self.ticket.status = status
        self._closed_at = self.ticket.closed_at = at if status == "done" else None
        self._reopened = self._reopened or reopened

    def write(self, rows: Writing) -> None:
        assert self._last is not None
        t = self.ticket
        preview = policy.preview_of(self._last)
        at = self._since or self._last.at
        waiting = self._since is not None
        if self._birth is None:
            rows.touched_tickets.append((
                t.id, at, preview, self._inbound, waiting, self._status, self._closed_at, self._reopened, t.order_no,
                t.version,
            ))  # fmt: skip
            return
        n, inbox, first, linked_to = self._birth
        rows.tickets.append((
            n, t.id, t.brand_id, t.contact_id, policy.subject_of(first), inbox.channel, t.team_id, t.order_no,
            linked_to, at, first.received_at, preview, self._inbound, waiting, t.version,
        ))  # fmt: skip
