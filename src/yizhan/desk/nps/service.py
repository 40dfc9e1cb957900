"""The verbs of a campaign: a run begins, people are found and asked in batches, answers come in, it ends."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.desk.nps import policy, store
from yizhan.desk.nps.choosing import choose, tell
from yizhan.desk.nps.invitations import GOING, NpsLink, ask_these
from yizhan.desk.nps.model import Reach, Run, RunState
from yizhan.desk.nps.rules import NPS_CAMPAIGN, NpsDocument, document_of
from yizhan.foundation.calendar import Calendar
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict
from yizhan.foundation.ids import id_floor, new_id
from yizhan.foundation.jobs import enqueue
from yizhan.foundation.journal import Event, emit
from yizhan.foundation.timer import cancel_timers, set_timer
from yizhan.records.config import FaultLog

NPS = "nps"
STEP, CLOSE = "nps.step", "nps.close"
_LOOKED_AT_ONCE = 500
_ASKED_AT_ONCE = 10
_MOST_PREVIEWED = 20_000


async def begin(
    tx: Tx, name: str, document: NpsDocument, source: str, period: str, *, by: str, now: datetime
) -> UUID | None:
    """A period's run, with the rules as they are now; None where it has begun before."""
    run = Run(
        id=new_id(now), campaign=name, period=period, rules=msgspec.to_builtins(document), source=source,
        state=RunState.GATHERING, started_at=now, started_by=by, ask_until=now + timedelta(days=document.ask_days),
        closes_at=now + timedelta(days=document.answer_days), next_at=now,
        cursor=id_floor(now - timedelta(days=document.look_back_days)), considered=0, spared={}, ended_at=None,
        version=1,
    )  # fmt: skip
    if not await store.add_run(tx, run):
        return None
    await _tell(tx, run, "nps.started", by, now, {"period": period, "source": source})
    await set_timer(tx, now, STEP, run.id, 1)
    await set_timer(tx, run.closes_at, CLOSE, run.id, 1)
    return run.id


async def call_worker(tx: Tx, run_id: UUID) -> None:
    await enqueue(tx, NPS, {"run": str(run_id)})


async def step(tx: Tx, run_id: UUID, calendar: Calendar, link: NpsLink, now: datetime) -> bool:
    """One batch of a run. True: come again at once; else a timer says when there is more."""
    run = await store.lock_run(tx, run_id)
    if run.state not in GOING or now < run.next_at:
        return False
    try:
        document = document_of(run)
    except msgspec.ValidationError as strange:  # begun by another version of the product
        await _give_up(tx, run, strange, now)
        return False
    if run.state is RunState.GATHERING:
        await _gather(tx, run, document, now)
        return True
    await _ask(tx, run, document, calendar, link, now)
    return False


async def _give_up(tx: Tx, run: Run, why: Exception, now: datetime) -> None:
    """Its rules cannot be read any more: it ends, and people are told."""
    faults = FaultLog()
    faults.note(NPS_CAMPAIGN.name, run.source, "", why)
    await faults.tell(tx, actor="system", now=now)
    await stop(tx, run.id, by="system", now=now)


async def _gather(tx: Tx, run: Run, document: NpsDocument, now: datetime) -> None:
    since = run.started_at - timedelta(days=document.look_back_days)
    last, persons = await store.looked_at(tx, run.cursor, since, run.started_at, _LOOKED_AT_ONCE)
    faults = FaultLog()
    chosen, spared = await choose(tx, document, run.period, persons, since, now, faults, run.source)
    await tell(tx, faults, run.spared, now)
    await store.add_invitations(tx, run.id, chosen, now)
    counts = policy.counted(run.spared, spared)
    state = RunState.GATHERING if last is not None else RunState.ASKING
    await store.gathered(tx, run.id, last or run.cursor, len(persons), counts, state)
    if last is None:
        facts = {"considered": run.considered + len(persons), "spared": counts}
        await _tell(tx, run, "nps.gathered", "system", now, facts)


async def _ask(tx: Tx, run: Run, document: NpsDocument, calendar: Calendar, link: NpsLink, now: datetime) -> None:
    """Mails go out a few at a time; who is asked at his next visit waits for it."""
    await cancel_timers(tx, run.id, STEP)
    if now >= run.ask_until:
        await store.spare_rest(tx, run.id, "late")
        await store.put_state(tx, run.id, RunState.ANSWERING, None)
        return
    moment = policy.next_moment(document, now, calendar)
    if moment is not None and moment <= now:
        batch = min(_ASKED_AT_ONCE, document.per_minute)
        found = await store.waiting(tx, run.id, "email", batch)
        await ask_these(tx, run, document, found, link, now)
        moment = now + policy.pace(document, batch) if len(found) == batch else run.ask_until
    due = min(moment or run.ask_until, run.ask_until)
    await store.paced(tx, run.id, due)
    await set_timer(tx, due, STEP, run.id, run.version)


async def stop(tx: Tx, run_id: UUID, *, by: str, now: datetime) -> None:
    """Nobody else is asked; who was asked may still answer."""
    run = await store.lock_run(tx, run_id)
    if run.state not in GOING:
        raise Conflict("this run asks nobody any more")
    await cancel_timers(tx, run.id)
    await store.spare_rest(tx, run.id, "stopped")
    await store.put_state(tx, run.id, RunState.STOPPED, now)
    await _tell(tx, run, "nps.stopped", by, now, {})


async def close(tx: Tx, run_id: UUID, now: datetime) -> None:
    run = await store.lock_run(tx, run_id)
    if run.state in (RunState.CLOSED, RunState.STOPPED):
        return
    await cancel_timers(tx, run.id, STEP)
    await store.spare_rest(tx, run.id, "late")
    await store.put_state(tx, run.id, RunState.CLOSED, now)
    await _tell(tx, run, "nps.closed", f"timer:{CLOSE}", now, {})


async def preview(tx: Tx, document: NpsDocument, period: str, now: datetime) -> Reach:
    """试算: whom it would ask if it began now. Nothing is changed."""
    since = now - timedelta(days=document.look_back_days)
    cursor, considered, channels, spared = id_floor(since), 0, Counter[str](), Counter[str]()
    looked = 0
    while looked < _MOST_PREVIEWED:
        last, persons = await store.looked_at(tx, cursor, since, now, _LOOKED_AT_ONCE)
        if last is None:
            break
        chosen, more = await choose(tx, document, period, persons, since, now, FaultLog(), "")
        channels.update(way.channel for _, way in chosen)
        spared.update(more)
        cursor, considered, looked = last, considered + len(persons), looked + _LOOKED_AT_ONCE
    return Reach(
        considered=considered, asked=channels.total(), by_channel=dict(channels), spared=dict(spared),
        complete=looked < _MOST_PREVIEWED,
    )  # fmt: skip


async def _tell(tx: Tx, run: Run, kind: str, actor: str, now: datetime, facts: dict[str, object]) -> None:
    await emit(tx, [Event(
        kind=kind, subject=run.id, subject_version=run.version, at=now, actor=actor,
        data={"campaign": run.campaign, **facts},
    )])  # fmt: skip
