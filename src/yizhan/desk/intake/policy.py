"""Where a message belongs. Pure: no database, no clock; the whole of floor rules 1.1, 1.4 and 2.3 stands here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from yizhan.desk.intake.model import InboundMessage, KnownConversation, KnownTicket

JOIN_WINDOW = timedelta(hours=72)
LEFT_WINDOW = timedelta(hours=1)
REOPEN_WINDOW = timedelta(days=7)
COMPLAINT_REOPEN_WINDOW = timedelta(days=30)

OPEN = frozenset({"new", "open", "pending"})


class Effect(StrEnum):
    """What the message does to its ticket."""

    CREATE = "create"  # a new ticket
    CONTINUE = "continue"  # nothing but a further message
    RETURN = "return"  # 待客户确认 → 处理中: the customer wrote something that is not thanks
    CONFIRM = "confirm"  # 待客户确认 → 已完成: thanks
    REOPEN = "reopen"  # 已完成 → 重开, counted as 重复进线
    ASIDE = "aside"  # thanks or an automatic answer after the end: kept, moves nothing


class Candidates(msgspec.Struct, frozen=True):
    """All that may take the message, already limited to its sender's person."""

    current: KnownConversation | None  # the un-ended conversation of this sender in this inbox
    last_ended: KnownConversation | None
    tickets: Sequence[KnownTicket]
    pointed: KnownTicket | None  # by a signed token, a reference or a number from a participant


class Placement(msgspec.Struct, frozen=True):
    """`ticket` None means a new one; `conversation` None means a new one."""

    effect: Effect
    conversation: KnownConversation | None
    ticket: KnownTicket | None
    suggested: UUID | None = None  # an open ticket this may belong to: the agent decides with one key
    linked_to: UUID | None = None  # an old closed ticket the new one follows


def place(message: InboundMessage, among: Candidates, *, brand_id: UUID, thanks: bool) -> Placement:
    """The order of architecture §4: pointed ticket, current conversation, joining rule, recently closed, new.

    Tickets of another brand are never looked at, however they are pointed to.
    """
    quiet = thanks or message.automatic
    same_brand = [t for t in among.tickets if t.brand_id == brand_id]
    by_id = {t.id: t for t in same_brand}
    current = among.current
    pointed = by_id.get(among.pointed.id) if among.pointed else None
    ticket = pointed or (by_id.get(current.ticket_id) if current and current.ticket_id else None)
    if ticket is not None and (ticket.status in OPEN or _reopens(ticket, message.at)):
        return _onto(ticket, among, thanks=thanks, automatic=message.automatic)
    linked_to = ticket.id if ticket is not None else None
    if quiet and among.last_ended is not None and current is None:
        # What starts nothing new needs no new spell of service: it lies with the one that ended.
        before = _ticket_of(among.last_ended, by_id)
        confirms = thanks and not message.automatic and before is not None and before.status == "pending"
        return Placement(Effect.CONFIRM if confirms else Effect.ASIDE, among.last_ended, before)
    open_ones = [t for t in same_brand if t.status in OPEN]
    joined = left_before(message, open_ones) or join_target(message, open_ones)
    if joined is not None:
        return _onto(joined, among, thanks=thanks, automatic=message.automatic)
    if not open_ones:
        closed = newest([t for t in same_brand if t.status == "done"])
        if closed is not None and _reopens(closed, message.at):
            return _onto(closed, among, thanks=thanks, automatic=message.automatic)
        linked_to = linked_to or (closed.id if closed else None)
    suggested = newest(open_ones)
    return Placement(Effect.CREATE, current, None, suggested.id if suggested else None, linked_to)


def left_before(message: InboundMessage, open_ones: Sequence[KnownTicket]) -> KnownTicket | None:
    """留言 after 留言 within the hour are one matter, whatever order number each of them names."""
    before = newest(open_ones) if (message.payload or {}).get("leave") else None
    return before if before is not None and message.at - before.last_message_at <= LEFT_WINDOW else None


def join_target(message: InboundMessage, open_ones: Sequence[KnownTicket]) -> KnownTicket | None:
    """Exactly one open ticket of the brand, active within 72 h, not contradicted by another order number."""
    if len(open_ones) != 1:
        return None
    only = open_ones[0]
    if message.at - only.last_message_at > JOIN_WINDOW:
        return None
    if message.order_no and only.order_no and message.order_no != only.order_no:
        return None
    return only


def newest(tickets: Sequence[KnownTicket]) -> KnownTicket | None:
    return max(tickets, key=lambda t: (t.last_message_at, t.id), default=None)


def _reopens(ticket: KnownTicket, at: datetime) -> bool:
    if ticket.status != "done" or ticket.closed_at is None:
        return False
    window = COMPLAINT_REOPEN_WINDOW if ticket.type.partition(".")[0] == "complaint" else REOPEN_WINDOW
    return at - ticket.closed_at <= window


def _onto(ticket: KnownTicket, among: Candidates, *, thanks: bool, automatic: bool) -> Placement:
    current = among.current
    if ticket.status == "done":
        if not (thanks or automatic):
            return Placement(Effect.REOPEN, current, ticket)
        return Placement(Effect.ASIDE, current or among.last_ended, ticket)
    if ticket.status == "pending":
        return Placement(_answer_to_pending(thanks, automatic), current, ticket)
    return Placement(Effect.CONTINUE, current, ticket)


def _answer_to_pending(thanks: bool, automatic: bool) -> Effect:
    """What an answering machine says confirms nothing and questions nothing."""
    if automatic:
        return Effect.CONTINUE
    return Effect.CONFIRM if thanks else Effect.RETURN


def _ticket_of(conversation: KnownConversation, by_id: dict[UUID, KnownTicket]) -> KnownTicket | None:
    return by_id.get(conversation.ticket_id) if conversation.ticket_id else None


def subject_of(message: InboundMessage) -> str:
    """A ticket's subject: the mail's own, else the first line of what was said, else the kind of thing sent."""
    line = (message.subject or message.text).strip().split("\n", 1)[0].strip()
    return line[:120] or (message.attachments[0].name[:120] if message.attachments else f"[{message.kind}]")


def preview_of(message: InboundMessage) -> str:
    flat = " ".join(message.text.split())
    return flat[:140] or (f"[{message.attachments[0].name[:100]}]" if message.attachments else f"[{message.kind}]")
