"""The steps of a promise: given, reminded of, kept by an answer, late, and then the 组长's matter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.promises import policy, store
from yizhan.desk.promises.rules import PromiseBook
from yizhan.desk.promises.store import Place
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Entry, Event, emit
from yizhan.foundation.timer import NewTimer, Timer, set_timers
from yizhan.records import promises
from yizhan.records.promises import NewPromise, Promise, PromiseKind

REMIND = "promises.remind"
DUE = "promises.due"
LEAD = "promises.lead"
_FINAL = frozenset({"done", "cancelled"})


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What an agent promises; `message_id` is the reply that says so."""

    text: str
    kind: PromiseKind
    due: datetime
    conversation_id: UUID | None = None
    message_id: UUID | None = None


async def give(tx: Tx, ticket_id: UUID, given: Given, book: PromiseBook, *, by: UUID, now: datetime) -> Promise:
    """The timers of its reminders are set with it."""
    place = await store.place(tx, ticket_id)
    rules = book.of(place.inbox_id, place.team_id)
    promise = await promises.make(tx, NewPromise(
        ticket_id=ticket_id, conversation_id=given.conversation_id, message_id=given.message_id,
        contact_id=place.contact_id, brand_id=place.brand_id, team_id=place.team_id, made_by=by,
        text=given.text.strip(), kind=given.kind, due=given.due, counts_from=policy.counts_from(now, given.due, rules),
    ), actor=f"agent:{by}", now=now)  # fmt: skip
    steps = policy.steps(now, given.due, rules)
    await set_timers(tx, [NewTimer(at, f"promises.{step}", promise.id, 0) for step, at in steps.items()])
    return promise


async def remind(tx: Tx, timer: Timer, now: datetime) -> None:
    """Shortly before: whoever has the ticket now, else who gave it."""
    promise = await promises.lock_promise(tx, timer.subject)
    if promise.owed:
        place = await store.place(tx, promise.ticket_id)
        await _raise(tx, promise, place, "promise.soon", *_keeper(promise, place), timer, now)


async def fall_due(tx: Tx, timer: Timer, now: datetime) -> None:
    """From this instant it is late, and still owed."""
    promise = await promises.lock_promise(tx, timer.subject)
    if promise.owed:
        late = await promises.fall_due(tx, promise, actor=f"timer:{DUE}", now=now)
        place = await store.place(tx, promise.ticket_id)
        await _raise(tx, late, place, "promise.due", *_keeper(promise, place), timer, now)


async def tell_lead(tx: Tx, timer: Timer, now: datetime) -> None:
    promise = await promises.lock_promise(tx, timer.subject)
    if promise.owed:
        place = await store.place(tx, promise.ticket_id)
        await _raise(tx, promise, place, "promise.late", ("lead",), place.leads, timer, now)


async def hear(tx: Tx, entries: Sequence[Entry]) -> None:
    """Answers of people keep what was promised as an answer; a ticket that is over owes nothing. Two statements a
    batch, however many they are."""
    replies = [
        (e.ticket_id, UUID(str(e.data["message"])), e.at, e.actor) for e in entries
        if e.kind == "message.sent" and e.ticket_id and e.data.get("human") and e.actor.startswith("agent:")
    ]  # fmt: skip
    await promises.keep_by_reply(tx, replies)
    ends = [
        (e.ticket_id, str(e.data["to"]), e.at, e.actor) for e in entries
        if e.kind == "ticket.moved" and e.ticket_id and e.data.get("to") in _FINAL
    ]  # fmt: skip
    await promises.settle_with_tickets(tx, ends)


def _keeper(promise: Promise, place: Place) -> tuple[tuple[str, ...], list[UUID]]:
    """A ticket that nobody has is still owed by who gave his word, and the 组长 must know."""
    if place.agent_id is not None:
        return ("handler",), [place.agent_id]
    return ("maker", "lead"), list(dict.fromkeys([promise.made_by, *place.leads]))


async def _raise(
    tx: Tx, promise: Promise, place: Place, why: str, who: tuple[str, ...], agents: Sequence[UUID], timer: Timer,
    now: datetime,
) -> None:  # fmt: skip
    await emit(tx, [Event(
        kind="notice.raised", subject=place.id, subject_version=place.version, at=now, actor=f"timer:{timer.kind}",
        brand_id=place.brand_id, team_id=place.team_id, agent_id=place.agent_id, contact_id=place.contact_id,
        conversation_id=promise.conversation_id, ticket_id=place.id,
        data={"who": list(who), "agents": list(agents), "how": "notify", "why": why, "promise": promise.id,
              "due_at": promise.due},
    )])  # fmt: skip
