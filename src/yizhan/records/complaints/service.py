"""The verbs of a complaint. Each tells the journal; the note on the ticket is written by who knows both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import UNSET
from msgspec.structs import asdict, replace

from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Invalid
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit
from yizhan.records.complaints import policy, store
from yizhan.records.complaints.model import Change, Clock, ClockKind, ClosedBy, Complaint, Grade, LadderStep, Taken

_LONGEST = 4000


async def ensure_may_end(tx: Tx, ticket_id: UUID) -> None:
    """A ticket with an open complaint is not completed or cancelled beside it."""
    if await store.is_open(tx, ticket_id):
        raise Conflict("an open complaint ends by the customer's consent or by a supervisor with a reason: close it")


async def open_complaint(
    tx: Tx, *, ticket_id: UUID, brand_id: UUID, contact_id: UUID, grade: Grade, causes: Sequence[str], rules: str,
    clocks: Sequence[Clock], actor: str, now: datetime, department: str | None = None, product: str | None = None,
    demands: str = "",
) -> Complaint | None:  # fmt: skip
    """For a locked ticket; None where it has one already."""
    made = await store.add(tx, Complaint(
        id=new_id(now), ticket_id=ticket_id, brand_id=brand_id, contact_id=contact_id, grade=grade,
        causes=list(causes), state="open", department=department, product=product, demands=_words(demands, "demands"),
        remedy="", step=LadderStep.HANDLER, holder_id=None, frozen=grade is Grade.CRISIS, rules=rules, opened_at=now,
        closed_at=None, closed_by=None, closed_why=None, closed_message=None, version=1,
    ))  # fmt: skip
    if made is None:
        return None
    await store.put_clocks(tx, made.id, clocks)
    facts: dict[str, object] = {"grade": grade, "causes": list(causes), "rules": rules}
    await tell(tx, made, "complaint.opened", actor, now, facts)
    return made


async def change_complaint(
    tx: Tx, c: Complaint, wanted: Change, *, causes: Sequence[str] = (), clocks: Sequence[Clock] = (), actor: str,
    now: datetime,
) -> Complaint:  # fmt: skip
    """`clocks` are those of a new grade. A remedy that is written down is the plan."""
    policy.ensure_open(c)
    said = {key: value for key, value in asdict(wanted).items() if value is not UNSET}
    for key in ("demands", "remedy"):
        if key in said:
            said[key] = _words(said[key], key)
    after = replace(c, **said, causes=[*c.causes, *(each for each in causes if each not in c.causes)])
    if after.grade is not c.grade:
        after = replace(after, frozen=after.grade is Grade.CRISIS)
    if after == c:
        raise Invalid("nothing to change")
    after = await store.change(tx, after)
    if clocks:
        await store.put_clocks(tx, c.id, clocks)
    fields = sorted(key for key in (*said, "causes") if getattr(after, key) != getattr(c, key))
    facts: dict[str, object] = {"fields": fields, "grade": after.grade, "causes": after.causes}
    await tell(tx, after, "complaint.changed", actor, now, facts)
    if after.remedy and not c.remedy:
        await meet(tx, after, ClockKind.PLAN, actor=actor, at=now, now=now)
    return after


async def take_over(
    tx: Tx, c: Complaint, step: LadderStep, holder_id: UUID | None, *, reason: str, actor: str, now: datetime
) -> Complaint:
    """A step of the ladder: from now on it is the holder's."""
    policy.ensure_open(c)
    policy.ensure_upwards(c.step, step)
    after = await store.climb(tx, c.id, step, holder_id)
    await store.add_step(tx, c.id, Taken(step, holder_id, actor, _words(reason, "text", needed=True), now))
    facts: dict[str, object] = {"from": c.step, "to": step, "holder": holder_id}
    await tell(tx, after, "complaint.escalated", actor, now, facts)
    return after


async def close_complaint(
    tx: Tx, c: Complaint, by: ClosedBy, *, why: str, actor: str, now: datetime, message_id: UUID | None = None
) -> Complaint:
    policy.ensure_open(c)
    words = _words(why, "text", needed=True)
    for kind in ClockKind:
        await store.meet(tx, c.id, kind, now)
    after = await store.close(tx, c.id, now, by, words, message_id)
    facts: dict[str, object] = {"by": by} | ({"message": message_id} if message_id else {})
    await tell(tx, after, "complaint.closed", actor, now, facts)
    return after


async def reopen_complaint(tx: Tx, c: Complaint, clock: Clock, *, actor: str, now: datetime) -> Complaint:
    """With a new clock until it is closed."""
    if c.open:
        return c
    after = await store.reopen(tx, c.id, frozen=c.grade is Grade.CRISIS)
    await store.restart_close(tx, c.id, clock)
    await tell(tx, after, "complaint.reopened", actor, now, {"grade": c.grade})
    return after


async def meet(tx: Tx, c: Complaint, kind: ClockKind, *, actor: str, at: datetime, now: datetime) -> bool:
    """What the clock asked for was done at `at`; False where that is known already."""
    done = await store.meet(tx, c.id, kind, at)
    if done:
        await tell(tx, c, "complaint.clock_met", actor, now, {"clock": kind, "met_at": at})
    return done


async def tell(tx: Tx, c: Complaint, kind: str, actor: str, now: datetime, facts: dict[str, object]) -> None:
    await emit(tx, [Event(
        kind=kind, subject=c.id, subject_version=c.version, at=now, actor=actor, brand_id=c.brand_id,
        agent_id=c.holder_id, contact_id=c.contact_id, ticket_id=c.ticket_id, data=facts,
    )])  # fmt: skip


def _words(text: str, field: str, *, needed: bool = False) -> str:
    words = text.strip()
    if needed and not words:
        raise Invalid("say why", field)
    if len(words) > _LONGEST:
        raise Invalid(f"at most {_LONGEST} characters", field)
    return words
