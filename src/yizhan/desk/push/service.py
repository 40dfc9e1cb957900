"""The verbs: a device is registered, withdrawn, rung."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.desk.outlets import Quiet, check_quiet
from yizhan.desk.push import store
from yizhan.desk.push.model import Device, Provider, PushAccount, PushSettings, Ring
from yizhan.desk.push.policy import configured, rings_for, silent_for, words_of
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Tx
from yizhan.foundation.ids import new_id
from yizhan.foundation.jobs import JobRequest, enqueue_all
from yizhan.records import conversations, inboxes

PUSH = "push"
_KEPT = timedelta(days=270)
"""An app that was not opened for so long has another token, says FCM."""
_AT_ONCE = 5_000


async def register(
    tx: Tx, vault: Vault, inbox_id: UUID, blind: bytes, provider: Provider, token: str, locale: str, now: datetime,
    quiet: Quiet | None = None,
) -> None:  # fmt: skip
    """A device belongs to one person: whoever registers it last. `quiet` is as he set it. Raises Invalid."""
    check_quiet(quiet, "quiet")
    await store.put(tx, vault, new_id(now), inbox_id, blind, provider, token, locale, now, quiet)


async def withdraw(tx: Tx, vault: Vault, inbox_id: UUID, blind: bytes, provider: Provider, token: str) -> None:
    """Only his own; somebody else's stays."""
    await store.take_out(tx, vault, inbox_id, blind, provider, token)


async def adopt(tx: Tx, inbox_id: UUID, before: bytes, blind: bytes) -> None:
    """Who signs in keeps the device with which he came."""
    await store.adopt(tx, inbox_id, before, blind)


async def strike(tx: Tx, conversation_id: UUID, now: datetime) -> None:
    """He has had his time to read: his devices ring, unless they did since he was last heard of. One that is silent
    now rings when its quiet hours are over, if he has not read it until then."""
    await conversations.lock_conversation(tx, conversation_id)
    unheard = await store.unheard(tx, conversation_id)
    message_id = rings_for(unheard) if unheard else None
    if message_id is None:
        return
    found = await store.devices(tx, conversation_id)
    if not found:
        return
    await store.note_rung(tx, conversation_id, message_id, now)
    await enqueue_all(tx, [
        JobRequest(PUSH, {"device": str(each.id), "conversation": str(conversation_id), "message": str(message_id)},
                   key=f"{message_id}:{each.id}", after=silent_for(each, now))
        for each in found
    ])  # fmt: skip


class Errand(msgspec.Struct, frozen=True):
    device: Device
    account: PushAccount
    ring: Ring


async def errand(
    tx: Tx, vault: Vault, device_id: UUID, conversation_id: UUID, message_id: UUID, now: datetime
) -> Errand | None:
    """What leaves now; None when he came back meanwhile, took his device away, or the provider is switched off."""
    device = await store.device(tx, vault, device_id)
    unheard = await store.unheard(tx, conversation_id)
    if device is None or unheard is None or not unheard.count:
        return None
    if unheard.rung is not None and unheard.rung != message_id:
        return None  # another answer rings for both
    inbox = await inboxes.inbox(tx, vault, unheard.inbox_id)
    settings = msgspec.convert(inbox.settings.get("push") or {}, PushSettings)
    account = PushAccount(inbox.id, settings, await inboxes.secrets_of(tx, vault, inbox.id))
    if not inbox.enabled or device.provider not in configured(account):
        return None
    return Errand(device, account, Ring(
        key=message_id, token=device.token, title=str(inbox.settings.get("title") or inbox.name),
        body=words_of(unheard.text, device.locale, with_text=settings.with_text), badge=unheard.count,
        conversation_id=conversation_id, at=now,
    ))  # fmt: skip


async def gone(tx: Tx, device_id: UUID) -> None:
    """Registering gives a device another id, so one that was registered anew meanwhile stays."""
    await store.drop(tx, device_id)


async def forget_old(tx: Tx, now: datetime) -> int:
    """How many rows went; call it until none is left."""
    return await store.forget(tx, now - _KEPT, _AT_ONCE)
