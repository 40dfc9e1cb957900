"""The verbs of a promise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit
from yizhan.records.promises import policy, store
from yizhan.records.promises.model import NewPromise, Promise, PromiseState
from yizhan.records.promises.store import Done


async def make(tx: Tx, new: NewPromise, *, actor: str, now: datetime) -> Promise:
    policy.check_new(new, now)
    promise_id = new_id(now)
    await store.add(tx, promise_id, new, now)
    (promise,) = await store.promises_by_id(tx, [promise_id])
    await emit(tx, [_event("promise.made", promise, actor, now)])
    return promise


async def keep(tx: Tx, promise: Promise, *, actor: str, now: datetime) -> Promise:
    """兑现 of a locked promise, marked by hand: a call was made, a parcel went."""
    policy.ensure_owed(promise)
    state = policy.settled_as(promise, now)
    version = await store.settle(tx, promise.id, state, now, actor)
    after = msgspec.structs.replace(promise, state=state, settled_at=now, settled_by=actor, version=version)
    await emit(tx, [_event("promise.kept", after, actor, now)])
    return after


async def withdraw(tx: Tx, promise: Promise, *, reason: str, actor: str, now: datetime) -> Promise:
    """Taken back, with the reason why: the report counts it apart."""
    policy.ensure_owed(promise)
    words = reason.strip()
    if not words:
        raise Invalid("say why it is taken back", "reason")
    version = await store.settle(tx, promise.id, PromiseState.WITHDRAWN, now, actor, words)
    after = msgspec.structs.replace(
        promise, state=PromiseState.WITHDRAWN, settled_at=now, settled_by=actor, version=version
    )
    await emit(tx, [_event("promise.withdrawn", after, actor, now)])
    return after


async def fall_due(tx: Tx, promise: Promise, *, actor: str, now: datetime) -> Promise:
    """The time of a locked promise has passed; it stays owed."""
    version = await store.late(tx, promise.id)
    after = msgspec.structs.replace(promise, state=PromiseState.LATE, version=version)
    await emit(tx, [_event("promise.late", after, actor, now)])
    return after


async def keep_by_reply(tx: Tx, replies: Sequence[tuple[UUID, UUID, datetime, str]]) -> list[Promise]:
    """(ticket, message, at, actor) of answers of people: each keeps what was promised as an answer before."""
    if not replies:
        return []
    kept = await store.keep_by_replies(tx, [Done(*reply) for reply in replies])
    await _tell_settled(tx, kept)
    return kept


async def settle_with_tickets(tx: Tx, ends: Sequence[tuple[UUID, str, datetime, str]]) -> list[Promise]:
    """(ticket, status, at, actor) of tickets that are over: they owe nothing any more."""
    if not ends:
        return []
    settled = await store.settle_with_tickets(tx, [Done(*end) for end in ends])
    await _tell_settled(tx, settled)
    return settled


async def _tell_settled(tx: Tx, promises: Sequence[Promise]) -> None:
    kinds = {PromiseState.WITHDRAWN: "promise.withdrawn"}
    await emit(tx, [
        _event(kinds.get(p.state, "promise.kept"), p, p.settled_by or "system", p.settled_at)
        for p in promises if p.settled_at is not None
    ])  # fmt: skip


def _event(kind: str, p: Promise, actor: str, at: datetime) -> Event:
    return Event(
        kind=kind, subject=p.id, subject_version=p.version, at=at, actor=actor, brand_id=p.brand_id, team_id=p.team_id,
        agent_id=p.made_by, contact_id=p.contact_id, conversation_id=p.conversation_id, ticket_id=p.ticket_id,
        data={"due": p.due, "kind": p.kind, "in_time": p.state is not PromiseState.LATE},
    )  # fmt: skip
