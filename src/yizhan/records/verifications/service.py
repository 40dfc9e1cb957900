"""The verbs of a verification; each leaves its event, none of which holds an address or a code."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Event, emit
from yizhan.records.verifications import store
from yizhan.records.verifications.model import Asked, CodeRefused, State, Verification, Way


async def ask(tx: Tx, id: UUID, one: Asked, *, actor: str, now: datetime) -> Verification:
    """Kept before anything leaves the house; what was asked before in this conversation counts no more."""
    await store.add(tx, id, one, now)
    made = await store.lock(tx, id)
    await _tell(tx, made, "verification.asked", actor, now, {})
    return made


async def sent(tx: Tx, id: UUID, *, now: datetime) -> Verification:
    """The gateway has it: from now on its code may be typed. One that was replaced meanwhile stays so."""
    held = await store.lock(tx, id)
    if held.state is not State.SENDING:
        return held
    version = await store.settle(tx, id, State.SENT)
    made = replace(held, state=State.SENT, version=version)
    await _tell(tx, made, "verification.sent", "system", now, {})
    return made


async def fail(tx: Tx, id: UUID, error: str, *, now: datetime) -> Verification:
    held = await store.lock(tx, id)
    if held.state is not State.SENDING:
        return held
    version = await store.settle(tx, id, State.FAILED, error=error[:300])
    made = replace(held, state=State.FAILED, error=error[:300], version=version)
    await _tell(tx, made, "verification.failed", "system", now, {})
    return made


async def refuse(tx: Tx, held: Verification, *, most: int, now: datetime) -> Verification:
    """A wrong code. After the last of `most` tries even the right one is refused."""
    tries = await store.tried(tx, held.id)
    state = State.REFUSED if tries >= most else held.state
    version = await store.settle(tx, held.id, state) if state is not held.state else held.version + 1
    made = replace(held, tries=tries, state=state, version=version)
    await _tell(tx, made, "verification.refused", f"customer:{held.contact_id}", now, {"left": max(0, most - tries)})
    return made


async def prove(tx: Tx, held: Verification, *, good_until: datetime, now: datetime) -> Verification:
    if not held.waits(now):
        raise CodeRefused("this verification is over: ask for a new one")
    version = await store.settle(tx, held.id, State.PROVED, proved_at=now, good_until=good_until)
    made = replace(held, state=State.PROVED, proved_at=now, good_until=good_until, version=version)
    await _tell(tx, made, "verification.proved", f"customer:{held.contact_id}", now, {})
    return made


async def lock_verification(tx: Tx, id: UUID) -> Verification:
    return await store.lock(tx, id)


async def logged_in(
    tx: Tx, contact_id: UUID, browser: UUID, account: UUID, inbox_id: UUID, *, now: datetime
) -> None:  # fmt: skip
    """He signed in while he talks: his conversation runs under `browser`, `account` is an identity of `contact_id`."""
    conversation = await store.log_in(tx, contact_id, browser, account, inbox_id, now)
    if conversation is not None:
        await _tell_login(tx, "verification.logged_in", conversation, contact_id, now)


async def logged_out(tx: Tx, browser: UUID, *, now: datetime) -> None:
    for conversation, contact_id in await store.log_out(tx, browser):
        await _tell_login(tx, "verification.logged_out", conversation, contact_id, now)


async def _tell_login(tx: Tx, kind: str, conversation_id: UUID, contact_id: UUID, now: datetime) -> None:
    await emit(tx, [Event(
        kind=kind, subject=conversation_id, subject_version=1, at=now, actor=f"customer:{contact_id}",
        contact_id=contact_id, conversation_id=conversation_id, data={"way": Way.LOGIN},
    )])  # fmt: skip


async def _tell(tx: Tx, one: Verification, kind: str, actor: str, now: datetime, facts: dict[str, Any]) -> None:
    await emit(tx, [Event(
        kind=kind, subject=one.id, subject_version=one.version, at=now, actor=actor, contact_id=one.contact_id,
        conversation_id=one.conversation_id, ticket_id=one.ticket_id, agent_id=one.asked_by,
        data={"way": one.way, "of": one.kind, **facts},
    )])  # fmt: skip
