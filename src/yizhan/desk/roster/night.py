"""At night: customers wait, nobody of the team is in the house. Who is on call is called for what the rules name; to
all others an answer in the morning is promised.

Where somebody is there nothing is read: the watch knows the teams without anybody, and looks only at those.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk import notices
from yizhan.desk.roster import policy, store, waking
from yizhan.desk.roster.rules import RosterBook
from yizhan.desk.roster.store import Waits
from yizhan.desk.roster.telling import tell
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import DATABASE_TROUBLE, Database, Tx
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Entry, Event, Feed, Wake, emit
from yizhan.foundation.log import get_logger
from yizhan.foundation.timer import Timer, set_timer
from yizhan.records import complaints, conversations, rosters
from yizhan.records.conversations import Conversation, Draft, Phase
from yizhan.records.rosters import ShiftKind

log = get_logger(__name__)

CALL_AGAIN = "roster.call_again"
CALLED = "roster.night_message"
NOBODY_ANSWERS = "roster.nobody_answers"
_ACTOR = "roster"
_NET_SECONDS = 60.0
_MOST_WAITING = 200
_LINE_DROPPED = timedelta(minutes=2)
_QUEUED = frozenset({"work.ready", "conversation.requeued"})
"""Nobody is woken for what the assistant may still answer: a conversation counts once it is ready for a person."""
_CHANGES = ("agent.", "shift.", "leave.", "team.", "config.")
_WORDS = {
    "zh": "现在是夜间值班时间,已通知值班客服,请稍候;您也可以留言,我们会尽快回复。",
    "en": "It is outside our hours. The person on call has been notified; you may also leave a message.",
}


Promise = Callable[[Tx, UUID, datetime], Awaitable[None]]
"""A queueing conversation becomes a message for the morning, and its customer reads until when he is answered."""


async def _promise_nothing(tx: Tx, conversation_id: UUID, now: datetime) -> None:
    """Who has no hours promises none: it waits."""


class NightWatch:
    """Runs where the router runs, under a lease of its own; what it missed it finds again in the tables."""

    def __init__(
        self, db: Database, clock: Clock, book: RosterBook, feed: Feed, promise: Promise = _promise_nothing
    ) -> None:
        self.wake = Wake()
        self._db = db
        self._clock = clock
        self._book = book
        self._promise = promise
        self._dark: frozenset[UUID] = frozenset()
        self._changed = True
        self._waits = False
        feed.listen(self.hear)

    async def hear(self, entries: Sequence[Entry]) -> None:
        for e in entries:
            if e.kind.startswith(_CHANGES):
                self._changed = True
            elif e.kind in _QUEUED and e.team_id in self._dark:
                self._waits = True
        if self._changed or self._waits:
            self.wake.ring()

    async def run(self) -> None:
        while True:
            try:
                await self.turn()
            except DATABASE_TROUBLE as error:
                log.error("night.turn_failed", error=repr(error))
                self._changed = True
            await self.wake.wait(_NET_SECONDS)
            if not self._waits and not self._changed:
                self._changed = True  # a lost connection makes no event when its grace is over

    async def turn(self) -> int:
        """How many calls were made."""
        now = self._clock.now()
        if self._changed:
            self._changed, self._waits = False, True
            async with self._db.read() as tx:
                dark = await store.dark_teams(tx, now - _LINE_DROPPED)
            self._dark = frozenset(dark)
        if not self._waits or not self._dark:
            return 0
        self._waits = False
        async with self._db.read() as tx:
            waiting = await store.waiting_among(tx, self._dark, _MOST_WAITING)
        made = 0
        for each in waiting:
            if self._book.of(each.inbox_id, each.team_id).night == "on_call":
                async with self._db.transaction() as tx:
                    made += await self._look_at(tx, each, now)
        return made

    async def _look_at(self, tx: Tx, each: Waits, now: datetime) -> bool:
        """Whether somebody was called for it. Where nobody is on call it waits as it did."""
        if not await on_call_for(tx, each.team_id, now):
            return False
        if await wakes(tx, each.id, self._book, now):
            return await call(tx, each, self._book, now)
        await self._promise(tx, each.id, now)
        return False


async def on_call_for(tx: Tx, team_id: UUID | None, now: datetime) -> list[UUID]:
    """Who of a team can be called, in the order of their shifts."""
    running = await rosters.on_duty(tx, now)
    return [d.agent_id for d in running if d.kind is ShiftKind.ON_CALL and d.team_id == team_id]


async def answers_at_night(tx: Tx, inbox_id: UUID, team_id: UUID | None, book: RosterBook, now: datetime) -> bool:
    """Whether queueing leads to somebody although nobody of the team is in the house."""
    if team_id is None or book.of(inbox_id, team_id).night != "on_call" or not await on_call_for(tx, team_id, now):
        return False
    return bool(await store.dark_teams(tx, now - _LINE_DROPPED, [team_id]))


def wakes_for_all(inbox_id: UUID, team_id: UUID | None, book: RosterBook) -> bool:
    """Whether whoever is on call is woken whatever it is about."""
    return any(not rule.asked for rule in book.of(inbox_id, team_id).wakes)


async def wakes(tx: Tx, conversation_id: UUID, book: RosterBook, now: datetime) -> bool:
    """Whether whoever is on call is woken for this conversation."""
    c = await conversations.lock_conversation(tx, conversation_id)
    rules = book.of(c.inbox_id, c.team_id)
    woken = await waking.wakes(tx, c.id, rules.wakes, now, faults=book.faults, source=rules.source)
    await book.faults.tell(tx, actor=_ACTOR, now=now)
    return woken


async def call(tx: Tx, waits: Waits, book: RosterBook, now: datetime) -> bool:
    """The first on call is called, and the customer reads that he is. Nobody on call: the customer leaves a message."""
    c = await conversations.lock_conversation(tx, waits.id)
    on_call = await on_call_for(tx, waits.team_id, now)
    if c.phase is not Phase.QUEUED or not on_call:
        return False
    call_id = new_id(now)
    if not await store.add_call(tx, call_id, waits.team_id, c.id, on_call[:1], now):
        return False
    await _ring(tx, call_id, c, on_call[0], 1, book, now)
    if await complaints.is_frozen(tx, c.contact_id):
        return True  # in a crisis people speak
    text = _WORDS["en" if (await store.locale(tx, c.id) or "").lower().startswith("en") else "zh"]
    draft = Draft(
        direction="system", author="system", text=text, kind="event", payload={"code": "night_called"}, human=False
    )
    await conversations.say(tx, c, draft, now=now)
    return True


async def call_again(tx: Tx, timer: Timer, book: RosterBook, now: datetime) -> None:
    """Nobody came: the next one on call, then who leads the team, then every supervisor is called. Who said that he has
    it is given as long again to come."""
    found = await store.lock_call(tx, timer.subject)
    if found is None or found.answered_at is not None:
        return
    waiting = await store.still_waiting(tx, found.team_id)
    if waiting is None:
        await store.end_call(tx, found.id, now)
        await _stop_ringing(tx, found.id, found.conversation_id, _ACTOR, now)
        return
    c = await conversations.lock_conversation(tx, waiting)
    again = book.of(c.inbox_id, c.team_id).call_again
    if await notices.acknowledged_at(tx, notices.topic_of(CALLED, found.conversation_id), now - again) is not None:
        await set_timer(tx, now + again, CALL_AGAIN, found.id, timer.subject_version)
        return
    on_call, leads = await on_call_for(tx, found.team_id, now), await store.leads(tx, found.team_id)
    agent = policy.next_to_call(on_call, leads, found.called)
    if agent is not None:
        await store.call_more(tx, found.id, agent)
        await _ring(tx, found.id, c, agent, len(found.called) + 1, book, now, found.conversation_id)
        return
    await tell(
        tx, found.id, who="supervisor", agents=await store.supervisors(tx), why=NOBODY_ANSWERS, now=now,
        actor=_ACTOR, how="call", facts={"called": len(found.called)}, about=c,
    )  # fmt: skip


async def answered(tx: Tx, agent_id: UUID, now: datetime) -> None:
    """Somebody is there: whoever was called for his teams was heard."""
    for each in await store.answer_calls(tx, await store.teams_of(tx, agent_id), agent_id, now):
        seconds = int((now - each.called_at).total_seconds())
        await _stop_ringing(tx, each.id, each.conversation_id, f"agent:{agent_id}", now)
        await emit(tx, [Event(
            kind="duty.answered", subject=each.id, subject_version=2, at=now, actor=f"agent:{agent_id}",
            agent_id=agent_id, team_id=each.team_id, conversation_id=each.conversation_id, data={"seconds": seconds},
        )])  # fmt: skip


async def _ring(
    tx: Tx, call_id: UUID, c: Conversation, agent: UUID, step: int, book: RosterBook, now: datetime,
    first: UUID | None = None,
) -> None:  # fmt: skip
    """`first` is the conversation for which the call began: what is acknowledged is the call."""
    await set_timer(tx, now + book.of(c.inbox_id, c.team_id).call_again, CALL_AGAIN, call_id, step)
    await emit(tx, [Event(
        kind="duty.called", subject=call_id, subject_version=step, at=now, actor=_ACTOR, brand_id=c.brand_id,
        team_id=c.team_id, agent_id=agent, contact_id=c.contact_id, conversation_id=c.id, ticket_id=c.ticket_id,
        data={"step": step},
    )])  # fmt: skip
    await tell(
        tx, first or c.id, who="on_call", agents=[agent], why=CALLED, now=now, actor=_ACTOR, how="call",
        facts={"step": step}, about=c,
    )  # fmt: skip


async def _stop_ringing(tx: Tx, call_id: UUID, conversation_id: UUID, actor: str, now: datetime) -> None:
    """Whoever was called, or told that nobody comes, need not say that he has it."""
    await notices.seen_to(tx, CALLED, conversation_id, actor=actor, now=now)
    await notices.seen_to(tx, NOBODY_ANSWERS, call_id, actor=actor, now=now)
