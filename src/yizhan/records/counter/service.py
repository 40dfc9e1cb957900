"""The verbs of the counter."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Forbidden
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit
from yizhan.records.counter import policy, store
from yizhan.records.counter.model import (
    CodeSpent,
    CodeUnknown,
    Encounter,
    How,
    MemberCode,
    NewEncounter,
    NewVisit,
    ShopVisit,
)


async def show_code(tx: Tx, shown: MemberCode) -> bool:
    """False when somebody else shows the same digits just now: take others."""
    return await store.add_code(tx, shown)


async def meet(tx: Tx, new: NewEncounter, *, now: datetime) -> Encounter:
    """Who looked at whom, where, and by what he was known, stays in the journal."""
    id = new_id(now)
    await store.add_encounter(tx, id, new, now)
    await emit(tx, [Event(
        kind="counter.met", subject=id, subject_version=1, at=now, actor=f"agent:{new.agent_id}",
        agent_id=new.agent_id, contact_id=new.contact_id,
        data={"shop": new.shop, "how": new.how, "verified": new.verified, "appointment": new.appointment_id},
    )])  # fmt: skip
    return await store.encounter(tx, id)


async def meet_by_code(
    tx: Tx, code: bytes, *, shop: str, agent_id: UUID, counts: bool, life: timedelta, now: datetime
) -> Encounter:
    """`counts`: the house takes the code of somebody signed in for 核身. The same hands may scan it twice."""
    shown = await store.lock_code(tx, code, now)
    if shown is None:
        raise CodeUnknown("this code is not known or is over: let the customer show it anew")
    if shown.encounter_id is not None:
        earlier = await store.encounter(tx, shown.encounter_id)
        if (earlier.agent_id, earlier.shop) == (agent_id, shop) and now < earlier.until:
            return earlier
        raise CodeSpent("this code was used already: let the customer show it anew")
    made = await meet(tx, NewEncounter(
        shop=shop, contact_id=shown.contact_id, agent_id=agent_id, how=How.MEMBER_CODE,
        verified=shown.signed_in and counts, until=now + life,
    ), now=now)  # fmt: skip
    await store.spend_code(tx, code, made.id)
    return made


async def open_encounter(tx: Tx, id: UUID, agent_id: UUID, now: datetime) -> Encounter:
    """One that goes on, of whoever asks."""
    found = await store.encounter(tx, id)
    if found.agent_id != agent_id:
        raise Forbidden("this customer stands before somebody else")
    if now >= found.until:
        raise Conflict("the customer was here a while ago: scan the code again")
    return found


async def log_visit(tx: Tx, of: Encounter, new: NewVisit, *, now: datetime) -> ShopVisit:
    """Once an encounter; again is a correction."""
    policy.check_visit(new)
    made = await store.add_visit(tx, new_id(now), of, new, now)
    await emit(tx, [Event(
        kind="visit.logged", subject=made.id, subject_version=1, at=now, actor=f"agent:{of.agent_id}",
        agent_id=of.agent_id, contact_id=of.contact_id, ticket_id=made.ticket_id,
        data={"shop": of.shop, "encounter": of.id, "appointment": made.appointment_id},
    )])  # fmt: skip
    return made
