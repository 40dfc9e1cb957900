"""Turns a batch of placed messages into rows. Pure: the ids and the time come from the messages.

One `Batch` lives for one transaction. It keeps what earlier messages of the batch made, so that the second half
sentence of the same customer finds the conversation and the ticket of the first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from yizhan.desk.intake import policy
from yizhan.desk.intake.model import (
    Accepted,
    Gathered,
    InboundMessage,
    InboxFacts,
    Known,
    KnownConversation,
    KnownTicket,
)
from yizhan.desk.intake.policy import Candidates, Effect, Placement
from yizhan.desk.intake.senders import NewId, Question
from yizhan.desk.intake.store import Writing
from yizhan.desk.intake.tally import ConversationTally, TicketTally

_MOVES = {
    Effect.RETURN: ("return", "pending", "open"),
    Effect.CONFIRM: ("confirm", "pending", "done"),
    Effect.REOPEN: ("reopen", "done", "open"),
}
_ASK_NOTHING = frozenset({Effect.ASIDE, Effect.CONFIRM})


class Forgotten(Exception):  # noqa: N818 - a word of the domain
    """The database does not know a sender whom we remembered: he is to be described."""


class Batch:
    def __init__(
        self, asked: Question, gathered: Gathered, inboxes: Mapping[UUID, InboxFacts], new_id: NewId,
        is_thanks: Callable[[str], bool],
    ) -> None:  # fmt: skip
        self.rows = Writing()
        self._asked = asked
        self._gathered = gathered
        self._inboxes = inboxes
        self._new_id = new_id
        self._is_thanks = is_thanks
        self._open: dict[tuple[UUID, UUID], KnownConversation] = {}
        self._ended: dict[tuple[UUID, UUID], KnownConversation] = {}
        self._conversations: dict[UUID, ConversationTally] = {}
        self._tallies: dict[UUID, TicketTally] = {}
        for conversation in gathered.conversations:
            place = self._open if conversation.phase != "ended" else self._ended
            place[conversation.identity_id, conversation.inbox_id] = conversation

    def late(self) -> list[int]:
        """The places of messages whose sender's rows are held elsewhere: these are for another transaction."""
        if not self._gathered.held:
            return []
        return [n for n in range(len(self._asked.ids)) if self._is_held(self._gathered.senders[self._asked.places[n]])]

    def _is_held(self, sender: Known | None) -> bool:
        return sender is not None and not self._gathered.held.isdisjoint((sender.identity_id, sender.person_id))

    def add(self, n: int, message: InboundMessage) -> Accepted:
        """`n` is the message's place in the batch."""
        repeated = self._gathered.repeated.get(n)
        if repeated is not None:
            return Accepted(repeated, None, None, duplicate=True)
        sender = self._gathered.senders[self._asked.places[n]]
        if sender is None:
            raise Forgotten
        inbox = self._inboxes[message.inbox_id]
        key = sender.identity_id, message.inbox_id
        tickets = self._gathered.tickets[sender.person_id]
        among = Candidates(self._open.get(key), self._ended.get(key), tickets, self._pointed(n, sender))
        placed = policy.place(message, among, brand_id=inbox.brand_id, thanks=self._thanks(message, among))
        waits = placed.effect not in _ASK_NOTHING and not message.automatic
        id, ticket, conversation = self._asked.ids[n], placed.ticket, placed.conversation
        if ticket is not None:
            tally = self._tally(ticket)
            tally.add(message, waits=waits)
            if placed.effect in _MOVES:
                self._move(n, id, message, sender, inbox, placed.effect, tally)
        elif placed.effect is not Effect.ASIDE:
            ticket = self._new_ticket(n, message, sender, inbox, placed, waits=waits)
            tickets.append(ticket)
        if conversation is None:
            conversation = self._open[key] = self._new_conversation(n, message, sender, inbox, ticket)
        elif conversation.id not in self._conversations:
            self._conversations[conversation.id] = ConversationTally(conversation)
        self._conversations[conversation.id].add(
            message, ticket, placed.suggested, waits=waits and conversation.phase != "ended"
        )
        self._row(n, id, message, sender, inbox, conversation, ticket, placed.effect)
        return Accepted(id, conversation.id, ticket.id if ticket else None)

    def finish(self) -> Writing:
        for conversation in self._conversations.values():
            conversation.write(self.rows)
        for ticket in self._tallies.values():
            ticket.write(self.rows)
        return self.rows

    def _thanks(self, message: InboundMessage, among: Candidates) -> bool:
        """Asked only where the answer decides something: most messages go on with what is open."""
        decides = (among.current is None and among.last_ended is not None) or any(
            t.status in ("pending", "done") for t in among.tickets
        )
        return decides and message.kind == "text" and not message.attachments and self._is_thanks(message.text)

    def _pointed(self, n: int, sender: Known) -> KnownTicket | None:
        """A pointer counts when it is the sender's own: a stranger who quotes our ids opens a ticket of his own."""
        for pointed in self._gathered.pointed.get(n, ()):
            if pointed.person_id != sender.person_id or pointed.ticket_id is None:
                continue
            for ticket in self._gathered.tickets[sender.person_id]:
                if ticket.id == pointed.ticket_id:
                    return ticket
        return None

    def _tally(self, ticket: KnownTicket) -> TicketTally:
        tally = self._tallies.get(ticket.id)
        if tally is None:
            tally = self._tallies[ticket.id] = TicketTally(ticket)
        return tally

    def _new_ticket(
        self, n: int, message: InboundMessage, sender: Known, inbox: InboxFacts, placed: Placement, *, waits: bool
    ) -> KnownTicket:
        ticket = KnownTicket(
            self._new_id(message.received_at), inbox.brand_id, sender.contact_id, "new", "other", None, inbox.team_id,
            message.order_no, message.at, None, 0,
        )  # fmt: skip
        tally = self._tallies[ticket.id] = TicketTally.born(ticket, n, inbox, message, placed.linked_to)
        tally.add(message, waits=waits)
        return ticket

    def _new_conversation(
        self, n: int, message: InboundMessage, sender: Known, inbox: InboxFacts, ticket: KnownTicket | None
    ) -> KnownConversation:
        handler = ticket.agent_id if ticket and not inbox.live else None
        phase = "bot" if inbox.live and inbox.bot else "served" if handler else "queued"
        conversation = KnownConversation(
            self._new_id(message.received_at), sender.identity_id, inbox.id, sender.contact_id,
            ticket.id if ticket else None, phase, inbox.live, handler, 0,
        )  # fmt: skip
        self._conversations[conversation.id] = ConversationTally.born(conversation, n, inbox, message, ticket)
        return conversation

    def _move(
        self, n: int, id: UUID, message: InboundMessage, sender: Known, inbox: InboxFacts, effect: Effect,
        tally: TicketTally,
    ) -> None:  # fmt: skip
        """The customer's own words move the ticket and are the processing note of that move."""
        action, before, after = _MOVES[effect]
        ticket = tally.ticket
        tally.move(after, message.at, reopened=effect is Effect.REOPEN)
        self.rows.notes.append((
            n, self._new_id(message.received_at), ticket.id, action, before, after, policy.preview_of(message), id,
            message.at, message.received_at, sender.contact_id, ticket.version, inbox.brand_id, ticket.team_id,
            ticket.agent_id,
        ))  # fmt: skip

    def _row(
        self, n: int, id: UUID, m: InboundMessage, sender: Known, inbox: InboxFacts, conversation: KnownConversation,
        ticket: KnownTicket | None, effect: Effect,
    ) -> None:  # fmt: skip
        self.rows.referenced = self.rows.referenced or m.own_reference is not None
        self.rows.messages.append((
            n, id, conversation.id, ticket.id if ticket else None, sender.contact_id, sender.identity_id, m.inbox_id,
            m.kind, m.text, m.html, m.quoted, m.payload, m.attachments or None, m.external_id, m.client_id, m.at,
            m.received_at, m.raw, m.own_reference, conversation.version, inbox.brand_id,
            ticket.team_id if ticket else None, conversation.agent_id, effect, m.automatic,
        ))  # fmt: skip
