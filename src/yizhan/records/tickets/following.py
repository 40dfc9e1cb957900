"""挂起, 催单, 关注 and links: the verbs of a ticket that somebody has to come back to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict
from yizhan.foundation.timer import drop_timers, set_timer
from yizhan.records.tickets import policy, store
from yizhan.records.tickets.lines import Line, line
from yizhan.records.tickets.model import By, LinkKind, Note, Ticket, Wait
from yizhan.records.tickets.service import tell

FOLLOW_UP = "ticket.follow_up"
"""The timer of 下次跟进; its data name the instant, so that one set off by a newer time does nothing."""

_WAIT_FIELDS = ["next_follow_up", "waiting_reason"]


async def wait_for(tx: Tx, ticket: Ticket, wait: Wait, *, text: str, by: By, now: datetime) -> Ticket:
    """挂起 of a locked ticket: 等待原因 and 下次跟进. The promises pause where the customer is waited for."""
    words = policy.check_note(text)
    policy.check_wait(ticket.status, wait, now)
    version = await store.set_wait(tx, ticket.id, wait.reason, wait.next_follow_up)
    await drop_timers(tx, [ticket.id], FOLLOW_UP)
    if wait.next_follow_up is not None:
        await set_timer(tx, wait.next_follow_up, FOLLOW_UP, ticket.id, 0, {"at": wait.next_follow_up.isoformat()})
    after = replace(ticket, waiting_reason=wait.reason, next_follow_up=wait.next_follow_up, version=version)
    await _note(tx, ticket, "wait", words, by, now, typed=not isinstance(words, Line))
    await tell(tx, after, "ticket.changed", by, now, {
        "fields": _WAIT_FIELDS, "waiting_reason": wait.reason, "next_follow_up": wait.next_follow_up,
    })  # fmt: skip
    return after


async def go_on(tx: Tx, ticket: Ticket, *, text: str, by: By, now: datetime, typed: bool) -> Ticket:
    """The wait of a locked ticket is over."""
    words = policy.check_note(text)
    if ticket.waiting_reason is None:
        raise Conflict("the ticket waits for nothing")
    version = await store.set_wait(tx, ticket.id, None, None)
    await drop_timers(tx, [ticket.id], FOLLOW_UP)
    after = replace(ticket, waiting_reason=None, next_follow_up=None, version=version)
    await _note(tx, ticket, "go_on", words, by, now, typed=typed)
    await tell(tx, after, "ticket.changed", by, now, {"fields": _WAIT_FIELDS, "waiting_reason": None})
    return after


async def follow_up(tx: Tx, ticket: Ticket, *, by: By, now: datetime) -> Ticket:
    """下次跟进 has come: back to the top of the lists. What it waits for stays until somebody says otherwise."""
    version = await store.bring_up(tx, ticket.id, now)
    after = replace(ticket, last_message_at=now, version=version)
    await _note(tx, ticket, "follow_up", line("follow_up"), by, now)
    await tell(tx, after, "ticket.follow_up_due", by, now, {"waiting_reason": ticket.waiting_reason})
    return after


async def chase(tx: Tx, ticket: Ticket, *, text: str, by: By, now: datetime, typed: bool) -> Ticket:
    """催单 on a locked ticket: counted, and on top again."""
    words = policy.check_note(text)
    if ticket.status in policy.FINAL or ticket.merged_into is not None:
        raise Conflict("a ticket that is over cannot be chased; reopen it")
    version = await store.chase(tx, ticket.id, now)
    after = replace(ticket, chases=ticket.chases + 1, chased_at=now, version=version)
    await _note(tx, ticket, "chase", words, by, now, typed=typed)
    await tell(tx, after, "ticket.chased", by, now, {"count": after.chases})
    return after


async def watch(tx: Tx, pairs: Sequence[tuple[UUID, UUID]], *, now: datetime) -> None:
    """关注: (ticket, agent) pairs. Watching twice is watching once."""
    if pairs:
        await store.watch(tx, pairs, now)


async def unwatch(tx: Tx, ticket_id: UUID, agent_id: UUID) -> bool:
    return await store.unwatch(tx, ticket_id, agent_id)


async def link_tickets(
    tx: Tx, ticket: Ticket, other: Ticket, kind: LinkKind, *, text: str, by: By, now: datetime
) -> UUID:
    """`ticket` relates to, duplicates or causes `other`; both locked, both tell of it."""
    words = policy.check_note(text)
    if await store.linked(tx, ticket.id, other.id):
        raise Conflict("these two are linked already")
    link_id = await store.link(tx, ticket.id, other.id, kind, by.actor, now)
    await _tell_both(tx, ticket, other, "ticket.linked", kind, words, by, now)
    return link_id


async def unlink_tickets(tx: Tx, link_id: UUID, ticket_id: UUID, *, text: str, by: By, now: datetime) -> None:
    one, other, kind = await store.unlink(tx, link_id, ticket_id)
    words = policy.check_note(text)
    await _tell_both(tx, *await store.lock_two(tx, one, other), "ticket.unlinked", kind, words, by, now)


async def _tell_both(
    tx: Tx, one: Ticket, other: Ticket, event: str, kind: LinkKind, words: str, by: By, now: datetime
) -> None:
    versions = await store.touch(tx, [one.id, other.id])
    action = event.removeprefix("ticket.").removesuffix("ed")
    for here, there in ((one, other), (other, one)):
        await _note(tx, here, action, f"#{there.number} {words}", by, now, typed=True)
        facts = {"kind": kind, "other": there.id}
        await tell(tx, replace(here, version=versions[here.id]), event, by, now, facts)


async def _note(tx: Tx, ticket: Ticket, action: str, words: str, by: By, now: datetime, *, typed: bool = False) -> None:
    await store.add_note(tx, Note(
        ticket_id=ticket.id, action=action, text=words, typed=typed, actor=by.actor, at=now, from_status=ticket.status,
        to_status=ticket.status,
    ))  # fmt: skip
