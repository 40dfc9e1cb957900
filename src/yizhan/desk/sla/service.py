"""Targets follow the journal; when the instant of one has come, the steps of its policy are taken.

Only a timer sets steps off, and only where the ticket itself says that nobody has answered or closed it: a reader that
catches up tells what was late, and alarms nobody about what is long done.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk.sla import policy, store
from yizhan.desk.sla.calls import Ring, next_ring
from yizhan.desk.sla.documents import Step
from yizhan.desk.sla.ledger import BEGINNING, KINDS, Ledger
from yizhan.desk.sla.library import Library, Rulebook
from yizhan.desk.sla.model import RESPONSES, State, Target, Told
from yizhan.desk.sla.telling import Notice, raise_notices, settle_calls, tell
from yizhan.desk.views import work_facts
from yizhan.foundation.db import Tx, is_transient
from yizhan.foundation.journal import Entry, Event, emit
from yizhan.foundation.text import is_thanks_only
from yizhan.foundation.timer import NewTimer, drop_timers, set_timers
from yizhan.foundation.turns import in_turns

DUE = "sla.due"
STEP = "sla.step"
READER = "sla"
TIMER = f"timer:{DUE}"
_TOGETHER = 500
_CHOOSING = BEGINNING | {"ticket.moved", "ticket.changed"}
_STAGE = {"warned": "warning", "breached": "breach"}


async def follow(tx: Tx, entries: Sequence[Entry], library: Library, *, now: datetime) -> datetime | None:
    """One batch of the journal, with a fixed number of statements whatever its size; returns the next instant set."""
    entries = await _without_more_words(tx, entries)
    if not entries:
        return None
    states = await store.ticket_states(tx, _tickets(entries, KINDS))
    targets = await store.lock_open(tx, states)
    rules = library.rulebook()
    asking = _asking(entries, targets)
    chosen_for = {
        *_tickets(entries, _CHOOSING), *(e.ticket_id for e in asking if e.ticket_id),
        *(t.ticket_id for t in targets if t.ticket_id in states and states[t.ticket_id].priority != t.priority),
    }  # fmt: skip
    facts = await work_facts(tx, sorted(chosen_for), now=now, working=rules.working(now), fields=rules.fields)
    clock_of = await library.clocks(tx, targets, rules)
    ledger = Ledger(
        states, targets, lambda ticket: rules.choose(facts[ticket]) if ticket in facts else None, clock_of,
        await _thanks(tx, asking),
    )  # fmt: skip
    async for entry in in_turns(entries):
        ledger.hear(entry)
    await _write(tx, ledger.before, ledger.after, ledger.told, READER)
    await _settle(tx, ledger.after.values(), library, now)
    await _tell_failed(tx, ledger.skipped, rules, now)
    await library.faults.tell(tx, actor=READER, now=now)
    return min((target.next_at for target in ledger.after.values() if target.next_at is not None), default=None)


async def strike(tx: Tx, target_id: UUID, library: Library, *, now: datetime) -> None:
    """An instant has come: the warning or the breach of this target, and of all others that are due."""
    targets = await store.lock_due(tx, target_id, now, _TOGETHER)
    after, told = dict[UUID, Target](), list[Told]()
    for target in targets:
        struck, what = policy.strike(target, now)
        if what is not None:
            after[target.id] = struck
            told.append(Told(what, struck, now, {"due_at": struck.due_at}))
    await _write(tx, {target.id: target for target in targets}, after, told, TIMER)
    await _escalate(tx, told, library, now)


async def targets_of(tx: Tx, ticket_ids: Sequence[UUID]) -> list[Target]:
    return await store.targets_of(tx, ticket_ids)


def _tickets(entries: Iterable[Entry], kinds: frozenset[str]) -> list[UUID]:
    """Those that these kinds of entries are about, and those that others were merged into."""
    found = dict.fromkeys(e.ticket_id for e in entries if e.ticket_id is not None and e.kind in kinds)
    others = [e.data.get("into") for e in entries if e.kind == "ticket.joined"]
    return list(found | dict.fromkeys(UUID(str(other)) for other in others if other))


async def _without_more_words(tx: Tx, entries: Sequence[Entry]) -> list[Entry]:
    """Left out are words to tickets where nothing else happened and somebody waits already: they change no target."""
    moved = {e.ticket_id for e in entries if e.kind != "message.received"}
    worded = {e.ticket_id for e in entries if e.ticket_id is not None} - moved
    waiting = await store.waiting(tx, worded) if worded else set()
    return [e for e in entries if e.ticket_id not in waiting]


def _asking(entries: Sequence[Entry], targets: Iterable[Target]) -> list[Entry]:
    """Words of customers that may begin something: in a rush most come to tickets that wait for an answer already.

    An answer among the entries makes room for a new wait.
    """
    answered = {e.ticket_id for e in entries if e.kind != "message.received"}
    waiting = {target.ticket_id for target in targets if target.kind in RESPONSES} - answered
    return [e for e in entries if e.kind == "message.received" and e.ticket_id not in waiting]


async def _thanks(tx: Tx, entries: Iterable[Entry]) -> set[str]:
    """Those of the messages in the middle of a matter that only thank: 好的谢谢, 嗯, 👌."""
    among = [UUID(str(e.data["message"])) for e in entries if e.data.get("effect") == "continue"]
    return {str(message) for message, words in (await store.words_of(tx, among)).items() if is_thanks_only(words)}


async def _write(
    tx: Tx, before: dict[UUID, Target], after: dict[UUID, Target], told: Sequence[Told], actor: str
) -> None:
    await store.put_targets(tx, list(after.values()))
    moved = [target for target in after.values() if target.id not in before or _retimed(before[target.id], target)]
    await drop_timers(tx, [target.id for target in moved if target.id in before and target.open], DUE)
    await drop_timers(tx, [target.id for target in after.values() if not target.open and target.id in before])
    await set_timers(tx, [
        NewTimer(target.next_at, DUE, target.id, target.version) for target in moved if target.next_at is not None
    ])  # fmt: skip
    await tell(tx, told, actor=actor)


def _retimed(before: Target, after: Target) -> bool:
    return before.next_at != after.next_at


async def _settle(tx: Tx, after: Iterable[Target], library: Library, now: datetime) -> None:
    """Late targets that ended or wait for the customer, and for which somebody may have been called."""
    late = [t for t in after if t.state is not State.RUNNING and (t.warned_at or t.breached_at)]
    called = [t for t in late if any(s.do == "call" and s.concerns(t.kind) for s in await _chain(tx, t, library))]
    await settle_calls(tx, called, actor=READER, now=now)


async def _tell_failed(tx: Tx, skipped: Sequence[tuple[UUID, str]], rules: Rulebook, now: datetime) -> None:
    """A policy that cannot be applied holds up no ticket: it promises nothing, and the journal and people know."""
    for _, name in skipped:
        rules.note(name, "its calendar has no working time in the next two years")
    await emit(tx, [Event(
        kind="sla.failed", subject=ticket, subject_version=1, at=now, actor=READER, ticket_id=ticket,
        data={"policy": name, "why": "never_open"},
    ) for ticket, name in skipped])  # fmt: skip


async def _escalate(tx: Tx, told: Sequence[Told], library: Library, now: datetime) -> None:
    """Who is to be told at once is told here; what changes a ticket is a timer each, in a transaction of its own."""
    notices, timers = list[Notice](), list[NewTimer]()
    for each in told:
        target, stage = each.target, _STAGE.get(each.what)
        if stage is None:
            continue
        for place, step in enumerate(await _chain(tx, target, library)):
            if not step.concerns(target.kind) or (step.at == "warning") != (stage == "warning"):
                continue
            if step.at == stage and step.do in ("notify", "call"):
                notices.append(Notice(target, step.to or ("duty",), step.do, stage))
                if step.do == "call":
                    timers.append(next_ring(target, place, step, Ring(now), now))
                continue
            due = (each.at if stage == "warning" else target.breached_at) or each.at
            due += timedelta(minutes=step.minutes_after or 0)
            timers.append(NewTimer(due, STEP, target.id, target.version, {"step": place}))
    await set_timers(tx, timers)
    await _raise_guarded(tx, notices, library, now)
    await library.faults.tell(tx, actor=TIMER, now=now)


async def _chain(tx: Tx, target: Target, library: Library) -> Sequence[Step]:
    """A version that cannot be read any more asks for no step; that it is late is known all the same."""
    try:
        return (await library.versions.policy(tx, target.policy, target.policy_version)).escalation
    except Exception as error:
        if is_transient(error):
            raise
        library.note(target, error)
        return ()


async def _raise_guarded(tx: Tx, raised: Sequence[Notice], library: Library, now: datetime) -> None:
    """All at once; where that fails one by one, so that who can be told is told."""
    try:
        async with tx.transaction():
            await raise_notices(tx, raised, actor=TIMER, now=now)
    except Exception as error:
        if is_transient(error):
            raise
        if len(raised) == 1:
            library.note(raised[0].target, error, f"escalation.{raised[0].stage}")
            facts = {"policy": raised[0].target.policy, "step": raised[0].do, "at": raised[0].stage, "why": "failed"}
            await tell(tx, [Told("skipped", raised[0].target, now, facts)], actor=TIMER)
            return
        for each in raised:
            await _raise_guarded(tx, [each], library, now)
