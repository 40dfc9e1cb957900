"""The verbs of a roster. What cannot be worked is refused with its reason; a shift sets the timer of its beginning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Invalid
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit
from yizhan.foundation.timer import NewTimer, cancel_timers, set_timers
from yizhan.records.rosters import policy, store
from yizhan.records.rosters.model import BEGAN, Leave, NewLeave, NewShift, Person, Shift


async def add_shifts(
    tx: Tx, new: Sequence[NewShift], *, by: str, now: datetime, skip: bool = False
) -> tuple[list[Shift], list[tuple[int, str]]]:
    """All of them or none, and the first fault is raised; with `skip` those that fit, and of the others why not."""
    await store.hold(tx)
    made, faults = await _fitting(tx, new, now)
    if faults and not skip:
        at, why = faults[0]
        raise Conflict(why) if len(new) == 1 else Conflict(f"{new[at].day}: {why}")
    if made:
        await store.add_shifts(tx, made)
        await _await_beginning(tx, made)
        await emit(tx, [_event("shift.added", each, by, now) for each in made])
    return made, faults


async def change_shift(tx: Tx, shift_id: UUID, new: NewShift, *, expected: int, by: str, now: datetime) -> Shift:
    await store.hold(tx)
    before = await store.lock_shift(tx, shift_id)
    if before.version != expected:
        raise Conflict("the shift has changed in the meantime; look again")
    after = _shift(shift_id, new)
    _ensure_member(after, {p.id: p for p in await store.people(tx)})
    why = await _clash(tx, after)
    if why is not None:
        raise Conflict(why)
    after = msgspec.structs.replace(after, version=await store.change_shift(tx, after))
    await cancel_timers(tx, shift_id)
    await _await_beginning(tx, [after])
    await emit(tx, [_event("shift.changed", after, by, now, {"from_agent": before.agent_id})])
    return after


async def remove_shift(tx: Tx, shift_id: UUID, *, by: str, now: datetime) -> None:
    gone = await store.lock_shift(tx, shift_id)
    await store.remove_shift(tx, shift_id)
    await cancel_timers(tx, shift_id)
    await emit(tx, [_event("shift.removed", msgspec.structs.replace(gone, version=gone.version + 1), by, now)])


async def add_leave(tx: Tx, new: NewLeave, *, by: str, now: datetime) -> tuple[Leave, list[Shift]]:
    """With the shifts that nobody covers now."""
    if new.ends_at <= new.starts_at:
        raise Invalid("leave ends after it begins", "ends_at")
    await store.hold(tx)
    others = await store.leaves_between(tx, new.starts_at, new.ends_at, agents=[new.agent_id])
    if others:
        raise Conflict("this person is on leave at that time already")
    made = new_id(now)
    await store.add_leave(tx, made, new)
    await emit(tx, [_leave_event("leave.added", made, new.agent_id, by, now, {"kind": new.kind})])
    uncovered = await store.shifts_between(tx, new.starts_at, new.ends_at, agents=[new.agent_id])
    return Leave(id=made, **msgspec.structs.asdict(new)), uncovered


async def remove_leave(tx: Tx, leave_id: UUID, *, by: str, now: datetime) -> UUID:
    """Whose leave it was."""
    agent = await store.remove_leave(tx, leave_id)
    await emit(tx, [_leave_event("leave.removed", leave_id, agent, by, now, {})])
    return agent


async def _fitting(tx: Tx, new: Sequence[NewShift], now: datetime) -> tuple[list[Shift], list[tuple[int, str]]]:
    known = {person.id: person for person in await store.people(tx)}
    made: list[Shift] = []
    faults: list[tuple[int, str]] = []
    found: list[tuple[int, Shift]] = []
    for at, each in enumerate(new):
        shift = _shift(new_id(now), each)
        try:
            _ensure_member(shift, known)
            found.append((at, shift))
        except Invalid as wrong:
            faults.append((at, wrong.message))
    if not found:
        return made, faults
    begin, until = min(s.starts_at for _, s in found), max(s.ends_at for _, s in found)
    people = {s.agent_id for _, s in found}
    others = await store.shifts_between(tx, begin, until, agents=people)
    leaves = await store.leaves_between(tx, begin, until, agents=people)
    for at, shift in found:
        why = policy.clash(shift, [*others, *made], leaves)
        if why is None:
            made.append(shift)
        else:
            faults.append((at, f"{known[shift.agent_id].name}: {why}"))
    return made, faults


async def _clash(tx: Tx, shift: Shift) -> str | None:
    others = await store.shifts_between(tx, shift.starts_at, shift.ends_at, agents=[shift.agent_id])
    leaves = await store.leaves_between(tx, shift.starts_at, shift.ends_at, agents=[shift.agent_id])
    return policy.clash(shift, others, leaves)


def _ensure_member(shift: Shift, known: dict[UUID, Person]) -> None:
    person = known.get(shift.agent_id)
    if person is None:
        raise Invalid("there is nobody like that", "agent_id")
    if shift.team_id not in person.team_ids:
        raise Invalid(f"{person.name} is not in this team", "agent_id")


def _shift(shift_id: UUID, new: NewShift) -> Shift:
    begin, end = policy.span_of(new)
    return Shift(
        id=shift_id, team_id=new.team_id, agent_id=new.agent_id, kind=new.kind, starts_at=begin, ends_at=end, tz=new.tz
    )


async def _await_beginning(tx: Tx, shifts: Sequence[Shift]) -> None:
    await set_timers(tx, [NewTimer(s.starts_at, BEGAN, s.id, s.version) for s in shifts])


def _event(kind: str, s: Shift, by: str, now: datetime, more: dict[str, object] | None = None) -> Event:
    return Event(
        kind=kind, subject=s.id, subject_version=s.version, at=now, actor=by, team_id=s.team_id, agent_id=s.agent_id,
        data={"kind": s.kind, "starts_at": s.starts_at, "ends_at": s.ends_at, **(more or {})},
    )  # fmt: skip


def _leave_event(kind: str, leave_id: UUID, agent: UUID, by: str, now: datetime, facts: dict[str, object]) -> Event:
    return Event(kind=kind, subject=leave_id, subject_version=1, at=now, actor=by, agent_id=agent, data=facts)
