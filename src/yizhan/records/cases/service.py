"""The verbs of external cases and of legal holds."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Forbidden, Invalid
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit
from yizhan.records.cases import store
from yizhan.records.cases.model import Case, CaseState, Deadline, Hold, Package, Reply, ReplyState, Source

_LONGEST = 20_000


class NewCase(msgspec.Struct, frozen=True, kw_only=True):
    source: Source
    case_no: str
    received_on: date
    demands: str = ""


async def register(
    tx: Tx, new: NewCase, deadline: Deadline, *, ticket_id: UUID, contact_id: UUID, actor: str, now: datetime
) -> tuple[Case, bool]:
    """The case, and whether it is new: a number that is known already is the same case, now about this ticket too."""
    number = new.case_no.strip().upper()
    if not 1 <= len(number) <= 60:
        raise Invalid("the number of the case, up to 60 characters", "case_no")
    made = await store.add(tx, Case(
        id=new_id(now), source=new.source, case_no=number, contact_id=contact_id, received_on=new.received_on,
        working_days=deadline.working_days, deadline_on=deadline.on, deadline_at=deadline.at,
        calendar=deadline.calendar, state=CaseState.OPEN, demands=_words(new.demands, "demands"), result="",
        answered_at=None, closed_at=None, warned_at=None, breached_at=None, merged_into=None, actor=actor,
        created_at=now, version=1,
    ))  # fmt: skip
    case = made or await store.by_number(tx, new.source, number)
    assert case is not None, "whoever was faster has committed"
    attached = await store.attach(tx, case.id, ticket_id, now)
    if made is not None:
        facts: dict[str, object] = {"source": case.source, "deadline_on": case.deadline_on, "calendar": case.calendar}
        await _tell(tx, case, "case.registered", ticket_id, actor, now, facts)
    elif attached:
        await _tell(tx, case, "case.joined", ticket_id, actor, now, {"source": case.source})
    return case, made is not None


async def merge_case(tx: Tx, case: Case, into: Case, *, actor: str, now: datetime) -> Case:
    """Two authorities forwarded one matter: the nearer deadline counts, and the tickets of both."""
    if case.merged_into is not None or into.merged_into is not None or case.id == into.id:
        raise Conflict("these two cases cannot be merged")
    if CaseState.CLOSED in (case.state, into.state):
        raise Conflict("a closed case is not merged")
    await store.attach_all(tx, case.id, into.id, now)
    merged = await store.merge(tx, case.id, into.id)
    if case.deadline_at < into.deadline_at:
        nearer = Deadline(case.working_days, case.deadline_on, case.deadline_at, case.calendar)
        into = await store.set_deadline(tx, into.id, nearer)
    await _tell(tx, merged, "case.merged", None, actor, now, {"into": into.id, "deadline_on": into.deadline_on})
    return into


async def write_reply(tx: Tx, case: Case, text: str, *, author: UUID, now: datetime) -> Reply:
    """One more version, which waits for an approval."""
    _ensure_running(case)
    words = _words(text, "text")
    if not words:
        raise Invalid("the reply is empty", "text")
    reply = await store.add_reply(tx, case.id, words, author, now)
    await _tell(tx, case, "case.reply_written", None, f"agent:{author}", now, {"version": reply.number})
    return reply


async def decide_reply(tx: Tx, case: Case, reply: Reply, approve: bool, *, text: str, by: UUID, now: datetime) -> Reply:
    """By somebody else than who wrote it."""
    if reply.state is not ReplyState.SUBMITTED:
        raise Conflict("this version was decided, or replaced by a newer one")
    if by == reply.author:
        raise Forbidden("who wrote it does not approve it")
    if not approve and not text.strip():
        raise Invalid("say what is wrong with it", "text")
    state = ReplyState.APPROVED if approve else ReplyState.REFUSED
    decided = await store.decide_reply(tx, reply.id, state, by, now, text.strip())
    await _tell(tx, case, f"case.reply_{state}", None, f"agent:{by}", now, {"version": reply.number})
    return decided


async def answer_case(tx: Tx, case: Case, *, actor: str, now: datetime) -> Case:
    """The approved reply was handed in at the authority or platform."""
    _ensure_running(case)
    written = (await store.replies_of(tx, [case.id]))[case.id]
    newest = next((reply for reply in written if reply.state is not ReplyState.REPLACED), None)
    if newest is None or newest.state is not ReplyState.APPROVED:
        raise Conflict("the newest version of the reply is not approved")
    after = await store.answer(tx, case.id, now)
    await _tell(tx, after, "case.answered", None, actor, now, {"version": newest.number})
    return after


async def close_case(tx: Tx, case: Case, result: str, *, actor: str, now: datetime) -> Case:
    if case.state is CaseState.CLOSED or case.merged_into is not None:
        raise Conflict("the case is closed")
    words = _words(result, "result")
    if not words:
        raise Invalid("say what came of it", "result")
    after = await store.close(tx, case.id, now, words)
    await _tell(tx, after, "case.closed", None, actor, now, {"answered": case.answered_at is not None})
    return after


async def hold(
    tx: Tx, contact_id: UUID, *, reason: str, actor: str, now: datetime, case_id: UUID | None = None
) -> Hold:
    words = _words(reason, "reason")
    if not words:
        raise Invalid("say why nothing may be erased", "reason")
    made = await store.add_hold(tx, contact_id, case_id, words, actor, now)
    await _tell_hold(tx, made, "hold.set", actor, now)
    return made


async def release_hold(tx: Tx, hold_id: UUID, *, why: str, actor: str, now: datetime) -> Hold:
    words = _words(why, "text")
    if not words:
        raise Invalid("say why it is no longer needed", "text")
    released = await store.release_hold(tx, hold_id, now, actor, words)
    if released is None:
        raise Conflict("this hold is released already")
    await _tell_hold(tx, released, "hold.released", actor, now)
    return released


async def keep_package(tx: Tx, package: Package, contact_id: UUID) -> Package:
    kept = await store.add_package(tx, package)
    await emit(tx, [Event(
        kind="evidence.packed", subject=kept.id, subject_version=1, at=kept.at, actor=kept.actor,
        contact_id=contact_id, ticket_id=kept.ticket_id,
        data={"sha256": kept.sha256, "size": kept.size, "files": kept.files},
    )])  # fmt: skip
    return kept


async def tell_downloaded(tx: Tx, package: Package, contact_id: UUID, *, actor: str, now: datetime) -> None:
    """Whoever takes a package out of the house is in the journal, with which version of it he took."""
    await emit(tx, [Event(
        kind="evidence.downloaded", subject=package.id, subject_version=1, at=now, actor=actor, contact_id=contact_id,
        ticket_id=package.ticket_id, data={"sha256": package.sha256, "packed_at": package.at, "size": package.size},
    )])  # fmt: skip


async def _tell_hold(tx: Tx, hold: Hold, kind: str, actor: str, now: datetime) -> None:
    await emit(tx, [Event(
        kind=kind, subject=hold.id, subject_version=1, at=now, actor=actor, contact_id=hold.contact_id,
        data={"case": hold.case_id} if hold.case_id else {},
    )])  # fmt: skip


async def _tell(
    tx: Tx, case: Case, kind: str, ticket_id: UUID | None, actor: str, now: datetime, facts: dict[str, object]
) -> None:
    about = ticket_id or next(iter((await store.tickets_of(tx, [case.id]))[case.id]), None)
    await emit(tx, [Event(
        kind=kind, subject=case.id, subject_version=case.version, at=now, actor=actor, contact_id=case.contact_id,
        ticket_id=about, data=facts,
    )])  # fmt: skip


def _ensure_running(case: Case) -> None:
    if case.state is CaseState.CLOSED or case.merged_into is not None:
        raise Conflict("the case is closed")


def _words(text: str, field: str) -> str:
    words = text.strip()
    if len(words) > _LONGEST:
        raise Invalid(f"at most {_LONGEST} characters", field)
    return words
