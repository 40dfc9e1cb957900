"""Addresses that are gone or asked us to stop: no reply leaves for them until a person says otherwise."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yizhan.foundation.db import Tx
from yizhan.foundation.errors import NotFound
from yizhan.foundation.journal import Event, emit
from yizhan.records import outbox
from yizhan.records.outbox import Suppressed, Written

_WORDS = 300
NOTICES = ("notice", "survey")
"""Kinds of messages nobody asked for: they can be unsubscribed from alone."""


async def suppress(
    tx: Tx, written: Written, *, reason: str, words: str, now: datetime, scope: str = outbox.ALL
) -> None:
    """`reason` is bounced, complained or unsubscribed; `written` the message that brought it about."""
    made = await outbox.suppress(
        tx, written.identity_id, scope=scope, reason=reason, words=words[:_WORDS], message_id=written.message_id,
        now=now, claim=written.claim,
    )  # fmt: skip
    if made:
        await emit(tx, [Event(
            kind="address.suppressed", subject=written.identity_id, subject_version=1, at=now, actor="system",
            conversation_id=written.conversation_id, ticket_id=written.ticket_id,
            data={"reason": reason, "scope": scope, "message": written.message_id},
        )])  # fmt: skip


async def unsubscribe(tx: Tx, identity_id: UUID, contact_id: UUID, *, words: str, now: datetime) -> None:
    """He asked for no more of what he did not ask for; his own words are answered as before."""
    made = await outbox.suppress(
        tx, identity_id, scope=outbox.NOTICES, reason="unsubscribed", words=words[:_WORDS], message_id=None, now=now
    )
    if made:
        await emit(tx, [Event(
            kind="address.suppressed", subject=identity_id, subject_version=1, at=now, actor=f"customer:{contact_id}",
            contact_id=contact_id, data={"reason": "unsubscribed", "scope": outbox.NOTICES},
        )])  # fmt: skip


async def stops(tx: Tx, written: Written) -> Suppressed | None:
    """What stands against sending this message."""
    if written.claim is not None:
        found = await outbox.suppressions_of_claim(tx, written.claim)
    else:
        found = await outbox.suppressions_of(tx, written.identity_id)
    for one in found:
        if one.scope == outbox.ALL or written.kind in NOTICES or _is_marketing(written):
            return one
    return None


def _is_marketing(written: Written) -> bool:
    return written.kind == outbox.TEMPLATE and bool((written.payload or {}).get("marketing"))


def words_of(stop: Suppressed) -> str:
    return f"{stop.reason} {stop.at:%Y-%m-%d}: {stop.words}"


async def allow_identity(tx: Tx, identity_id: UUID, *, actor: str, now: datetime) -> None:
    """A person knows better: the address may be written to again. What was refused is sent again by hand."""
    if not await outbox.allow_identity(tx, identity_id):
        raise NotFound("this address is written to")
    await _tell(tx, identity_id, actor, now)


async def allow(tx: Tx, suppressed_id: UUID, *, actor: str, now: datetime) -> None:
    if not await outbox.allow(tx, suppressed_id):
        raise NotFound("no such address")
    await _tell(tx, suppressed_id, actor, now)


async def _tell(tx: Tx, subject: UUID, actor: str, now: datetime) -> None:
    await emit(tx, [Event(kind="address.allowed", subject=subject, subject_version=1, at=now, actor=actor, data={})])
