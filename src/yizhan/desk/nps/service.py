"""The verbs of a campaign: a run begins, people are found and asked in batches, answers come in, it ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.desk.nps import policy, store
from yizhan.desk.nps.model import LOW, Answer, Invitation, Reach, Run, RunState, Way
from yizhan.desk.nps.rules import NpsDocument, document_of
from yizhan.desk.nps.wording import letter_of
from yizhan.foundation.calendar import Calendar
from yizhan.foundation.conditions import compile_closure
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, Invalid
from yizhan.foundation.ids import id_floor, new_id
from yizhan.foundation.jobs import enqueue
from yizhan.foundation.journal import Event, emit
from yizhan.foundation.timer import cancel_timers, set_timer
from yizhan.records import conversations, outbox
from yizhan.records.conversations import Draft

NPS = "nps"
STEP, CLOSE, FOLLOW = "nps.step", "nps.close", "nps.low"
_LOOKED_AT_ONCE = 500
_ASKED_AT_ONCE = 10
_MOST_PREVIEWED = 20_000
_GOING = (RunState.GATHERING, RunState.ASKING)

NpsLink = Callable[[UUID, datetime], str]
"""The signed address at which an invitation is answered, good until then."""


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
    if run.state not in _GOING or now < run.next_at:
        return False
    document = document_of(run)
    if run.state is RunState.GATHERING:
        await _gather(tx, run, document, now)
        return True
    await _ask(tx, run, document, calendar, link, now)
    return False


async def _gather(tx: Tx, run: Run, document: NpsDocument, now: datetime) -> None:
    since = run.started_at - timedelta(days=document.look_back_days)
    last, persons = await store.looked_at(tx, run.cursor, since, run.started_at, _LOOKED_AT_ONCE)
    chosen, spared = await _choose(tx, document, run.period, persons, since, now)
    await store.add_invitations(tx, run.id, chosen, now)
    counts = policy.counted(run.spared, spared)
    state = RunState.GATHERING if last is not None else RunState.ASKING
    await store.gathered(tx, run.id, last or run.cursor, len(persons), counts, state)
    if last is None:
        facts = {"considered": run.considered + len(persons), "spared": counts}
        await _tell(tx, run, "nps.gathered", "system", now, facts)


async def _choose(
    tx: Tx, document: NpsDocument, period: str, persons: Sequence[UUID], since: datetime, now: datetime
) -> tuple[list[tuple[UUID, Way]], Counter[str]]:
    holds = compile_closure(document.condition)
    chosen, spared = list[tuple[UUID, Way]](), Counter[str]()
    for person in await store.people(tx, persons, since, now):
        why = policy.spared(person, document, holds, period, now)
        way = policy.way_to(person, document)
        if why is None and way is not None:
            chosen.append((person.person_id, way))
        elif why is not None:
            spared[why] += 1
    return chosen, spared


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
        await _ask_these(tx, run, document, found, link, now)
        moment = now + policy.pace(document, batch) if len(found) == batch else run.ask_until
    due = min(moment or run.ask_until, run.ask_until)
    await store.paced(tx, run.id, due)
    await set_timer(tx, due, STEP, run.id, run.version)


async def _ask_these(
    tx: Tx, run: Run, document: NpsDocument, found: Sequence[Invitation], link: NpsLink, now: datetime
) -> None:
    since = now - timedelta(days=document.look_back_days)
    known = {p.person_id: p for p in await store.people(tx, [i.person_id for i in found], since, now)}
    spared = {
        i.id: why for i in found
        if (why := policy.hindered(known[i.person_id], document, now)) is not None
    }  # fmt: skip
    going = sorted((i for i in found if i.id not in spared), key=lambda i: i.conversation_id)
    messages: dict[UUID, UUID | None] = {}
    for invitation in going:
        messages[invitation.id] = await _mail(tx, invitation, link, now)
    await store.spare(tx, spared)
    await store.asked(tx, messages, now)
    await emit(tx, [_event(i, "nps.asked", "system", i.version + 1, now, {"run": run.id}) for i in going])


async def _mail(tx: Tx, invitation: Invitation, link: NpsLink, now: datetime) -> UUID:
    """Into his newest conversation by mail, without waking the ticket it belongs to."""
    c = await conversations.lock_conversation(tx, invitation.conversation_id)
    url = link(invitation.id, invitation.closes_at)
    subject, text = letter_of(invitation.locale, invitation.brand_name, url)
    stored = await conversations.say(tx, c, Draft(
        direction="out", author="system", kind="survey", text=text, human=False, payload={"subject": subject},
        client_id=f"nps:{invitation.id}",
    ), now=now)  # fmt: skip
    if not stored.repeated:
        await outbox.enqueue(
            tx, message_id=stored.message_id, inbox_id=c.inbox_id, conversation_id=c.id, channel=c.channel, now=now
        )
    return stored.message_id


async def visitor_question(tx: Tx, identities: Sequence[UUID], now: datetime) -> UUID | None:
    """The invitation that waits for a visitor. One small read a session."""
    return await store.of_visitor(tx, identities, now)


async def decline(tx: Tx, invitation_id: UUID, now: datetime) -> None:
    """He closed it: asked, and not shown again."""
    if await invited(tx, invitation_id, now) is not None:
        await store.declined(tx, invitation_id)


async def invited(tx: Tx, invitation_id: UUID, now: datetime) -> Invitation | None:
    """At his visit, the first time he sees it: None where something stands against asking him by now."""
    invitation = await store.lock_invitation(tx, invitation_id)
    if invitation.state == "asked":
        return invitation
    run = await store.lock_run(tx, invitation.run_id)
    document = document_of(run)
    since = now - timedelta(days=document.look_back_days)
    (person,) = await store.people(tx, [invitation.person_id], since, now)
    why = policy.hindered(person, document, now)
    if invitation.state != "waiting" or run.state not in _GOING:
        return None
    if why is not None:
        await store.spare(tx, {invitation.id: why})
        return None
    await store.asked(tx, {invitation.id: None}, now)
    await emit(tx, [_event(invitation, "nps.asked", "system", invitation.version + 1, now, {"run": run.id})])
    return invitation


async def find(tx: Tx, invitation_id: UUID) -> Invitation | None:
    found = await store.invitations(tx, [invitation_id])
    return found[0] if found else None


async def answer(tx: Tx, invitation_id: UUID, said: Answer, now: datetime) -> Invitation:
    """A later word replaces the earlier, for as long as the run takes answers. A low one is followed up once."""
    invitation = await store.lock_invitation(tx, invitation_id)
    if not 0 <= said.score <= 10:
        raise Invalid("a score is 0 to 10", "score")
    if now >= invitation.closes_at:
        raise Conflict("this survey is over")
    version = await store.answer(tx, invitation.id, said.score, said.comment, now)
    actor = f"customer:{invitation.contact_id}"
    facts: dict[str, object] = {"run": invitation.run_id, "score": said.score, "commented": bool(said.comment)}
    await emit(tx, [_event(invitation, "nps.answered", actor, version, now, facts)])
    if said.score <= LOW and invitation.follow_up_id is None:
        await set_timer(tx, now, FOLLOW, invitation.id, 0)
    return invitation


async def unsubscribe(tx: Tx, invitation_id: UUID, now: datetime) -> Invitation:
    """No survey and no notice to this address any more; his own words are answered as before."""
    invitation = await store.lock_invitation(tx, invitation_id)
    made = await outbox.suppress(
        tx, invitation.identity_id, scope=outbox.NOTICES, reason="unsubscribed", words="nps",
        message_id=invitation.message_id, now=now,
    )  # fmt: skip
    await store.unsubscribed(tx, invitation.id)
    if made:
        await emit(tx, [Event(
            kind="address.suppressed", subject=invitation.identity_id, subject_version=1, at=now,
            actor=f"customer:{invitation.contact_id}", contact_id=invitation.contact_id,
            conversation_id=invitation.conversation_id,
            data={"reason": "unsubscribed", "scope": outbox.NOTICES, "message": invitation.message_id},
        )])  # fmt: skip
    return invitation


async def stop(tx: Tx, run_id: UUID, *, by: str, now: datetime) -> None:
    """Nobody else is asked; who was asked may still answer."""
    run = await store.lock_run(tx, run_id)
    if run.state not in _GOING:
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
        chosen, more = await _choose(tx, document, period, persons, since, now)
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


def _event(i: Invitation, kind: str, actor: str, version: int, now: datetime, facts: dict[str, object]) -> Event:
    return Event(
        kind=kind, subject=i.id, subject_version=version, at=now, actor=actor, brand_id=i.brand_id, team_id=i.team_id,
        contact_id=i.contact_id, conversation_id=i.conversation_id, data={"channel": i.channel, **facts},
    )  # fmt: skip
