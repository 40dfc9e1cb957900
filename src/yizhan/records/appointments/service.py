"""The verbs of an appointment; a place at its time is taken and given back in the same transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from yizhan.foundation.db import Tx
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit
from yizhan.records.appointments import policy, store
from yizhan.records.appointments.model import Appointment, AppointmentState, NewAppointment, SlotFull

_REASON = 200


async def book(tx: Tx, new: NewAppointment, *, most: int, actor: str, now: datetime) -> Appointment:
    """`most` come at one time. Raises SlotFull."""
    policy.check_new(new)
    await _take(tx, new.shop, new.starts_at, most)
    id = new_id(now)
    await store.add(tx, id, new, now)
    made = await store.lock_appointment(tx, id)
    await _tell(tx, made, "appointment.booked", actor, now, {})
    return made


async def move(
    tx: Tx, held: Appointment, shop: str, starts_at: datetime, *, most: int, actor: str, now: datetime
) -> Appointment:
    """Another time or another shop, also for who missed the first."""
    policy.ensure(held.state, AppointmentState.BOOKED)
    await store.hold_slots(tx, (held.shop, held.starts_at), (shop, starts_at))
    await _take(tx, shop, starts_at, most)
    if held.state is AppointmentState.BOOKED:
        await store.free_slot(tx, held.shop, held.starts_at)
    version = await store.move(tx, held.id, shop, starts_at)
    after = replace(
        held, shop=shop, starts_at=starts_at, state=AppointmentState.BOOKED, settled_at=None, settled_by=None,
        reason=None, version=version,
    )  # fmt: skip
    await _tell(tx, after, "appointment.moved", actor, now, {"before": held.starts_at, "shop_before": held.shop})
    return after


async def cancel(tx: Tx, held: Appointment, *, reason: str, actor: str, now: datetime) -> Appointment:
    policy.ensure(held.state, AppointmentState.CANCELLED)
    await store.free_slot(tx, held.shop, held.starts_at)
    return await _settle(tx, held, AppointmentState.CANCELLED, actor, now, reason.strip()[:_REASON] or None)


async def arrive(tx: Tx, held: Appointment, *, actor: str, now: datetime) -> Appointment:
    """He is there: also somebody whom we had given up."""
    return await _settle(tx, held, AppointmentState.ARRIVED, actor, now)


async def miss(tx: Tx, held: Appointment, *, actor: str, now: datetime) -> Appointment:
    return await _settle(tx, held, AppointmentState.MISSED, actor, now)


async def reminded(tx: Tx, held: Appointment, *, actor: str, now: datetime) -> None:
    await _tell(tx, held, "appointment.reminded", actor, now, {})


async def _take(tx: Tx, shop: str, starts_at: datetime, most: int) -> None:
    if not await store.take_slot(tx, shop, starts_at, most):
        raise SlotFull("as many come at this time as the shop takes: choose another")


async def _settle(
    tx: Tx, held: Appointment, state: AppointmentState, actor: str, now: datetime, reason: str | None = None
) -> Appointment:
    policy.ensure(held.state, state)
    version = await store.settle(tx, held.id, state, now, actor, reason)
    after = replace(held, state=state, settled_at=now, settled_by=actor, reason=reason, version=version)
    await _tell(tx, after, _KINDS[state], actor, now, {})
    return after


async def _tell(tx: Tx, a: Appointment, kind: str, actor: str, now: datetime, facts: dict[str, Any]) -> None:
    await emit(tx, [Event(
        kind=kind, subject=a.id, subject_version=a.version, at=now, actor=actor, brand_id=a.brand_id, team_id=a.team_id,
        agent_id=a.made_by, contact_id=a.contact_id, conversation_id=a.conversation_id, ticket_id=a.ticket_id,
        data={"shop": a.shop, "starts_at": a.starts_at, **facts},
    )])  # fmt: skip


_KINDS = {
    AppointmentState.ARRIVED: "appointment.arrived",
    AppointmentState.MISSED: "appointment.missed",
    AppointmentState.CANCELLED: "appointment.cancelled",
}
