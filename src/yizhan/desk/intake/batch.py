"""Turns a batch of placed messages into rows. Pure: the ids and the time come from the messages.

One `Batch` lives for one transaction. It keeps what earlier messages of the batch made, so that the second half
sentence of the same customer finds the conversation and the ticket of the first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from yizhan.desk.intake import policy
from yizhan.desk.intake.model import (
    Accepted,
    Gathered,
    InboundMessage,
    InboxFacts,
    Known,
    KnownConversation,
    KnownReference,
    KnownTicket,
)
from yizhan.desk.intake.policy import Candidates, Effect, Placement
from yizhan.desk.intake.store import Writing
from yizhan.desk.intake.tally import ConversationTally, TicketTally

NewId = Callable[[datetime], UUID]
_MOVES = {
    Effect.RETURN: ("return", "pending", "open"),
    Effect.CONFIRM: ("confirm", "pending", "done"),
    Effect.REOPEN: ("reopen", "done", "open"),
}


class Batch:
    def __init__(
        self, gathered: Gathered, inboxes: Mapping[UUID, InboxFacts], new_id: NewId, is_thanks: Callable[[str], bool],
        received: datetime,
    ) -> None:  # fmt: skip
        self.rows = Writing()
        self._received = received
        self._inboxes = inboxes
        self._new_id = new_id
        self._is_thanks = is_thanks
        self._senders = {s.n: s for s in gathered.senders}
        self._open: dict[tuple[UUID, UUID], KnownConversation] = {}
        self._ended: dict[tuple[UUID, UUID], KnownConversation] = {}
        self._tickets: dict[UUID, list[KnownTicket]] = defaultdict(list)
        self._pointers: dict[int, list[KnownReference]] = defaultdict(list)
        self._conversations: dict[UUID, ConversationTally] = {}
        self._tallies: dict[UUID, TicketTally] = {}
        for conversation in gathered.conversations:
            place = self._open if conversation.phase != "ended" else self._ended
            place[conversation.identity_id, conversation.inbox_id] = conversation
        for ticket in gathered.tickets:
            self._tickets[ticket.person_id].append(ticket)
        for reference in gathered.references:
            self._pointers[reference.n].append(reference)
        for link in gathered.links:
            self._event(
                None,
                "contact.linked",
                link.a_contact,
                1,
                "system",
                contact=link.a_contact,
                facts={"link": link.id, "other": link.b_contact, "strength": "claimed"},
            )

    def add(self, n: int, message: InboundMessage) -> Accepted:
        sender = self._senders[n]
        if not sender.fresh:
            return Accepted(sender.message_id, None, None, duplicate=True)
        inbox = self._inboxes[message.inbox_id]
        assert sender.person_id
        assert sender.identity_id
        assert sender.contact_id
        key = sender.identity_id, message.inbox_id
        among = Candidates(
            self._open.get(key), self._ended.get(key), self._tickets[sender.person_id], self._pointed(n, sender)
        )
        thanks = self._thanks(message, among)
        placed = policy.place(message, among, brand_id=inbox.brand_id, thanks=thanks)
        if sender.new_contact:
            self._event(
                message,
                "contact.created",
                sender.contact_id,
                1,
                f"customer:{sender.contact_id}",
                contact=sender.contact_id,
                facts={"channel": inbox.channel},
            )
        ticket = self._ticket(message, sender, inbox, placed)
        conversation = self._conversation(message, sender, inbox, placed, ticket)
        self._message(message, sender, conversation, ticket, placed.effect)
        return Accepted(sender.message_id, conversation.id, ticket.id if ticket else None)

    def _thanks(self, message: InboundMessage, among: Candidates) -> bool:
        """Asked only where the answer decides something: most messages go on with what is open."""
        decides = (among.current is None and among.last_ended is not None) or any(
            t.status in ("pending", "done") for t in among.tickets
        )
        return decides and message.kind == "text" and not message.attachments and self._is_thanks(message.text)

    def finish(self) -> Writing:
        for conversation in self._conversations.values():
            conversation.write(self.rows)
        for ticket in self._tallies.values():
            ticket.write(self.rows)
        return self.rows

    def _pointed(self, n: int, sender: Known) -> KnownTicket | None:
        """A pointer counts when it is the sender's own: a stranger who quotes our ids opens a ticket of his own."""
        for reference in self._pointers[n]:
            if reference.person_id != sender.person_id or reference.ticket_id is None:
                continue
            for ticket in self._tickets[sender.person_id]:
                if ticket.id == reference.ticket_id:
                    return ticket
        return None

    def _ticket(
        self, message: InboundMessage, sender: Known, inbox: InboxFacts, placed: Placement
    ) -> KnownTicket | None:
        waits = placed.effect not in (Effect.ASIDE, Effect.CONFIRM) and not message.automatic
        if placed.ticket is not None:
            tally = self._tally(placed.ticket)
            tally.add(message, waits=waits)
            self._move(message, sender, placed, tally)
            return placed.ticket
        if placed.effect is Effect.ASIDE:
            return None
        assert sender.person_id
        assert sender.contact_id
        ticket = KnownTicket(
            self._new_id(message.received_at), inbox.brand_id, sender.contact_id, sender.person_id, "new", "other",
            False, None, inbox.team_id, message.order_no, message.at, None, 0,
        )  # fmt: skip
        self._tickets[sender.person_id].append(ticket)
        tally = self._tallies[ticket.id] = TicketTally.born(ticket, inbox, message, placed.linked_to)
        tally.add(message, waits=waits)
        self._event(
            message,
            "ticket.created",
            ticket.id,
            ticket.version,
            f"customer:{sender.contact_id}",
            contact=sender.contact_id,
            ticket=ticket,
            facts={"channel": inbox.channel},
        )
        return ticket

    def _tally(self, ticket: KnownTicket) -> TicketTally:
        if ticket.id not in self._tallies:
            self._tallies[ticket.id] = TicketTally(ticket)
        return self._tallies[ticket.id]

    def _move(self, message: InboundMessage, sender: Known, placed: Placement, tally: TicketTally) -> None:
        """The customer's own words move the ticket and are the processing note of that move."""
        if placed.effect not in _MOVES:
            return
        action, before, after = _MOVES[placed.effect]
        ticket = tally.ticket
        tally.move(after, message.at, reopened=placed.effect is Effect.REOPEN)
        actor = f"customer:{sender.contact_id}"
        self.rows.notes.append((
            self._new_id(message.received_at), ticket.id, None, action, before, after, policy.preview_of(message),
            actor, {"message_id": str(sender.message_id)}, message.at,
        ))  # fmt: skip
        self._event(
            message,
            "ticket.moved",
            ticket.id,
            ticket.version,
            actor,
            contact=sender.contact_id,
            ticket=ticket,
            facts={"action": action, "from": before, "to": after},
        )

    def _conversation(
        self, message: InboundMessage, sender: Known, inbox: InboxFacts, placed: Placement, ticket: KnownTicket | None
    ) -> KnownConversation:
        waits = placed.effect not in (Effect.ASIDE, Effect.CONFIRM) and not message.automatic
        known = placed.conversation
        if known is not None:
            if known.id not in self._conversations:
                self._conversations[known.id] = ConversationTally(known)
            self._conversations[known.id].add(message, ticket, placed.suggested, waits=waits and known.phase != "ended")
            return known
        assert sender.person_id
        assert sender.contact_id
        assert sender.identity_id
        handler = ticket.agent_id if ticket and not inbox.live else None
        phase = "bot" if inbox.live and inbox.bot else "served" if handler else "queued"
        known = KnownConversation(
            self._new_id(message.received_at), sender.identity_id, inbox.id, sender.contact_id, sender.person_id,
            ticket.id if ticket else None, phase, inbox.live, handler, 0, message.at,
        )  # fmt: skip
        self._open[sender.identity_id, inbox.id] = known
        tally = self._conversations[known.id] = ConversationTally.born(known, inbox, message)
        tally.add(message, ticket, placed.suggested, waits=waits)
        self._event(
            message,
            "conversation.started",
            known.id,
            known.version,
            f"customer:{sender.contact_id}",
            contact=sender.contact_id,
            conversation=known,
            ticket=ticket,
            facts={"channel": inbox.channel, "inbox": inbox.id, "phase": phase, "live": inbox.live},
        )
        return known

    def _message(
        self, message: InboundMessage, sender: Known, conversation: KnownConversation, ticket: KnownTicket | None,
        effect: Effect,
    ) -> None:  # fmt: skip
        author = f"customer:{sender.contact_id}"
        self.rows.messages.append((
            sender.message_id, conversation.id, ticket.id if ticket else None, sender.contact_id, sender.identity_id,
            message.inbox_id, author, message.kind, message.text, message.html, message.quoted, message.payload,
            message.attachments or None, message.external_id, message.client_id, message.at, message.received_at,
            message.raw, message.own_reference,
        ))  # fmt: skip
        self._event(
            message,
            "message.received",
            conversation.id,
            conversation.version,
            author,
            contact=sender.contact_id,
            conversation=conversation,
            ticket=ticket,
            facts={
                "message": sender.message_id,
                "kind": message.kind,
                "effect": effect,
                "identity": sender.identity_id,
                "inbox": message.inbox_id,
                "automatic": message.automatic,
            },
        )

    def _event(
        self, message: InboundMessage | None, kind: str, subject: UUID, version: int, actor: str, *,
        facts: dict[str, object], contact: UUID | None = None, conversation: KnownConversation | None = None,
        ticket: KnownTicket | None = None,
    ) -> None:  # fmt: skip
        inbox = self._inboxes[message.inbox_id] if message else None
        self.rows.events.append((
            message.received_at if message else self._received, kind, subject, version,
            inbox.brand_id if inbox else None, ticket.team_id if ticket else None,
            conversation.agent_id if conversation else ticket.agent_id if ticket else None, contact,
            conversation.id if conversation else None, ticket.id if ticket else None, actor, facts,
        ))  # fmt: skip
