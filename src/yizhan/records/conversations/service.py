"""The verbs of a conversation. The caller has locked the row (`lock_conversation`) and owns the transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Forbidden, Invalid, NotFound
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit
from yizhan.records.conversations import policy, store
from yizhan.records.conversations.model import (
    Conversation,
    Draft,
    EndReason,
    Phase,
    Rating,
    Recalled,
    Stored,
    Summary,
    TakenBack,
)


async def say(tx: Tx, c: Conversation, draft: Draft, *, now: datetime, ticket_id: UUID | None = None) -> Stored:
    """Stores a reply, an internal note or a system line; the same `client_id` again is the same message.

    A reply is only stored here: who calls this puts it into the outbound queue in the same transaction.
    """
    if draft.client_id:
        earlier = await store.message_of_client(tx, c.id, draft.author, draft.client_id)
        if earlier is not None:
            return Stored(earlier, repeated=True)
    files = len(draft.attachments)
    if draft.direction == "out":
        policy.check_reply(c, draft.text, files=files)
    else:
        policy.check_text(draft.text, files=files)
    ticket = ticket_id or c.ticket_id
    message_id = new_id(now)
    await store.add_message(tx, message_id, c, ticket, draft, now)
    if draft.direction == "out":
        preview = policy.preview_of(draft.text)
        version = await store.replied(tx, c.id, now, preview, human=draft.human)
    else:
        version = await store.touched(tx, c.id)
    kind = {"out": "message.sent", "note": "message.noted", "system": "message.system"}[draft.direction]
    await _tell(tx, c, kind, draft.author, version, now, {
        "message": message_id, "kind": draft.kind, "human": draft.human, "inbox": c.inbox_id,
        **_waited(c, draft, now),
    }, ticket_id=ticket)  # fmt: skip
    return Stored(message_id, repeated=False)


async def open_outward(
    tx: Tx, *, inbox_id: UUID, identity_id: UUID, contact_id: UUID, ticket_id: UUID, agent_id: UUID | None, actor: str,
    now: datetime,
) -> UUID:  # fmt: skip
    """We write first: a conversation about a ticket at another address. The one that is open there, if one is."""
    made = await store.open_outward(
        tx, new_id(now), inbox_id=inbox_id, identity_id=identity_id, contact_id=contact_id, ticket_id=ticket_id,
        agent_id=agent_id, now=now,
    )  # fmt: skip
    if made is None:
        known = await store.open_with(tx, identity_id, inbox_id)
        if known is None:
            raise Conflict("this inbox or ticket is no longer there")
        return known
    c = await store.lock_conversation(tx, made)
    await _tell(tx, c, "conversation.outward", actor, 1, now, {"inbox": inbox_id})
    return made


def _waited(c: Conversation, draft: Draft, now: datetime) -> dict[str, object]:
    """What the customer waited for whoever answers: from his words, or from when this agent had him."""
    if draft.direction != "out" or not draft.human or c.waiting_since is None:
        return {}
    since = max(c.waiting_since, c.assigned_at) if c.assigned_at else c.waiting_since
    return {"waited_s": max(0, int((now - since).total_seconds()))}


async def end_conversation(
    tx: Tx, c: Conversation, *, reason: EndReason, summary: Summary | None, actor: str, now: datetime
) -> None:
    if c.phase is Phase.ENDED:
        raise Conflict("the conversation has already ended")
    version = await store.end(tx, c.id, now, reason, summary)
    await _tell(tx, c, "conversation.ended", actor, version, now, {"reason": reason, "phase": c.phase})


async def leave_message(tx: Tx, c: Conversation, *, actor: str, now: datetime) -> bool:
    """留言: a live conversation that nobody serves waits no longer; its ticket does, and is answered later.

    False when somebody serves it: then the words are a message like any other.
    """
    if not c.live or c.phase not in (Phase.QUEUED, Phase.BOT):
        return False
    version = await store.leave(tx, c.id, now)
    await _tell(tx, c, "conversation.ended", actor, version, now, {"reason": EndReason.MESSAGE, "phase": c.phase})
    return True


async def rate_conversation(
    tx: Tx, c: Conversation, rating: Rating, *, actor: str, now: datetime, agent_id: UUID | None = None
) -> None:
    """What threads and lists show of a rating, and the event of it; `agent_id` is who is rated."""
    if rating.stars is not None and not 1 <= rating.stars <= 5:
        raise Invalid("stars are 1 to 5", "stars")
    version = await store.rate(tx, c.id, rating)
    await _tell(tx, c, "conversation.rated", actor, version, now, {
        "stars": rating.stars, "solved": rating.solved, "inbox": c.inbox_id, "agent": agent_id,
    })  # fmt: skip


async def attach_to_ticket(
    tx: Tx, c: Conversation, ticket_id: UUID, *, actor: str, now: datetime, suggested: UUID | None = None
) -> None:
    """`suggested` is another ticket this may belong to: the bar 并入 / 分开."""
    version = await store.set_ticket(tx, c.id, ticket_id, suggested)
    await _tell(tx, c, "conversation.attached", actor, version, now, {"from": c.ticket_id}, ticket_id=ticket_id)


async def separate(tx: Tx, c: Conversation, *, actor: str, now: datetime) -> None:
    """分开: kept as its own matter; the choice is a label for the joining rule."""
    version = await store.separate(tx, c.id)
    await _tell(tx, c, "conversation.separated", actor, version, now, {"from": c.joined_ticket_id})


async def split_messages(
    tx: Tx, ids: Sequence[UUID], *, from_ticket: UUID, to_ticket: UUID, contact_id: UUID, actor: str, now: datetime
) -> int:
    moved = await store.move_messages(tx, ids, from_ticket=from_ticket, to_ticket=to_ticket, actor=actor, now=now)
    if moved == 0:
        raise Invalid("none of these messages belongs to the ticket", "message_ids")
    await emit(tx, [Event(
        kind="ticket.split", subject=to_ticket, subject_version=1, at=now, actor=actor, contact_id=contact_id,
        ticket_id=to_ticket, data={"from": from_ticket, "messages": list(ids)},
    )])  # fmt: skip
    return moved


async def mark_read(tx: Tx, c: Conversation, message_id: UUID, *, reader: str, serving: bool, now: datetime) -> None:
    await store.mark_read(tx, c.id, reader, message_id, now)
    if not serving:
        return
    version = await store.clear_unread(tx, c.id)
    if version is not None:
        await _tell(tx, c, "conversation.read", reader, version, now, {"message": message_id})


async def ensure_recallable(tx: Tx, message_id: UUID, actor: str, now: datetime) -> None:
    """Raises Forbidden for another's words and Conflict for those that were said too long ago."""
    row = await store.message(tx, message_id)
    policy.ensure_recallable(row["author"], row["at"], actor, now)


async def recall_message(tx: Tx, c: Conversation, message_id: UUID, *, actor: str, now: datetime) -> datetime:
    """When it had been said."""
    row = await store.message(tx, message_id)
    if row["conversation_id"] != c.id:
        raise Forbidden("only your own message can be recalled")
    policy.ensure_recallable(row["author"], row["at"], actor, now)
    if await store.recall(tx, message_id, now):
        version = await store.hide_preview(tx, c.id, row["at"])
        await _tell(tx, c, "message.recalled", actor, version, now, {"message": message_id})
    said_at: datetime = row["at"]
    return said_at


async def recalled_by_customer(tx: Tx, message_id: UUID, *, now: datetime) -> TakenBack | None:
    """He took his own words back at the vendor's: hidden from now on, kept for who may know why. None when known."""
    row = await store.take_back(tx, message_id, now)
    if row is None:
        return None
    c = await store.lock_conversation(tx, row["conversation_id"])
    version = await store.hide_preview(tx, c.id, row["at"])
    await _tell(tx, c, "message.recalled", f"customer:{row['contact_id']}", version, now, {"message": message_id})
    return TakenBack(row["ticket_id"], row["at"], row["text"])


async def reveal_recalled(tx: Tx, message_id: UUID, *, reason: str, actor: str, now: datetime) -> Recalled:
    """The words a customer took back, for whoever may know and says why. It stands in the journal."""
    if not reason.strip():
        raise Invalid("say why it is needed", "reason")
    row = await store.recalled_words(tx, message_id)
    if row is None:
        raise NotFound("no message that its customer took back")
    await emit(tx, [Event(
        kind="message.revealed", subject=message_id, subject_version=1, at=now, actor=actor,
        conversation_id=row["conversation_id"], ticket_id=row["ticket_id"], contact_id=row["contact_id"],
        data={"message": message_id, "reason": reason.strip()[:500]},
    )])  # fmt: skip
    return Recalled(row["text"], row["attachments"] or [])


async def report_delivery(
    tx: Tx, message_id: UUID, delivery: str, *, now: datetime, error: str | None = None, external_id: str | None = None
) -> None:
    """What became of a message of ours, as the channel says it. `error` is `class: words`; the event has the class."""
    row = await store.set_delivery(tx, message_id, delivery, error, external_id)
    if row is None:
        return
    await emit(tx, [Event(
        kind="message.delivery", subject=message_id, subject_version=1, at=now, actor="system",
        conversation_id=row["conversation_id"], ticket_id=row["ticket_id"], contact_id=row["contact_id"],
        data={
            "message": message_id, "delivery": delivery, "inbox": row["inbox_id"],
            **({"error": error.partition(":")[0]} if error else {}),
        },
    )])  # fmt: skip


async def _tell(
    tx: Tx, c: Conversation, kind: str, actor: str, version: int, now: datetime, facts: dict[str, object],
    ticket_id: UUID | None = None,
) -> None:  # fmt: skip
    await emit(tx, [Event(
        kind=kind, subject=c.id, subject_version=version, at=now, actor=actor, brand_id=c.brand_id, team_id=c.team_id,
        agent_id=c.agent_id, contact_id=c.contact_id, conversation_id=c.id, ticket_id=ticket_id or c.ticket_id,
        data=facts,
    )])  # fmt: skip
