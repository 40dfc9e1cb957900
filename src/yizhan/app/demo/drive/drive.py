"""The loop of the demo. It acts on time and on what the journal tells, with chance of its own: a seed repeats a day."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from yizhan.app.demo.cast import day, load_words, words
from yizhan.app.demo.drive.acts import Acts
from yizhan.app.demo.drive.browsing import Browsing
from yizhan.app.demo.drive.duty import Duty
from yizhan.app.demo.drive.openings import Openings
from yizhan.app.demo.drive.talk import MOST_FOLLOW_UPS, MOST_NAGS, Move, Talk
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import DATABASE_TROUBLE
from yizhan.foundation.errors import DomainError
from yizhan.foundation.journal import Entry
from yizhan.foundation.log import get_logger
from yizhan.records.conversations import Rating

log = get_logger(__name__)

_A_MINUTE = 2.4  # new conversations at an average hour, at speed 1
_LEAST_BUSY = 0.5  # somebody may look at the demo in the middle of the night
_RESERVED = 3  # so many of hers are there when 林一 comes, and as often as she can take them
_JUST_NOW = timedelta(minutes=1)  # what is older was planted
_FOR_LINYI = ("refund", "complaint")


class Drive:
    """Plays the agents `acts` names; of all others it only hears. At most `most` conversations at a time.

    `guests` are the one-click log-ins, whoever tries the demo sits at the `desk`; `consulted` are the inboxes whose
    team knows advice only, `watcher` sees all.
    """

    def __init__(
        self, clock: Clock, acts: Acts, browsing: Browsing, duty: Duty, openings: Openings, *,
        guests: frozenset[UUID], desk: frozenset[UUID], consulted: frozenset[UUID], watcher: UUID, chance: Random,
        most: int = 24,
    ) -> None:  # fmt: skip
        self.on = True
        self.speed = 1.0
        self.started_at = clock.now()
        self.talks: dict[UUID, Talk] = {}
        self._clock = clock
        self._acts = acts
        self._browsing = browsing
        self._duty = duty
        self._openings = openings
        self._guests = guests
        self._desk = desk
        self._consulted = consulted
        self._guests_here: set[UUID] = set()
        self._came = False
        self._watcher = watcher
        self._chance = chance
        self._most = most
        self._unknown: set[UUID] = set()
        self._next_arrival: datetime | None = None
        self._found = False
        self.lock = asyncio.Lock()

    def steer(self, on: bool, speed: float) -> None:
        """Off: nobody new comes and no customer writes; the agents finish what they have."""
        self.on, self.speed = on, speed
        self._next_arrival = None

    def forget(self) -> None:
        """Everything it plays in is gone."""
        self.talks.clear()
        self._unknown.clear()
        self._browsing.clear()
        self._next_arrival, self._found = None, False
        self.started_at = self._clock.now()

    async def run(self) -> None:
        while True:
            try:
                async with self.lock:
                    await self.step(self._clock.now())
            except DATABASE_TROUBLE as error:
                log.error("demo.step_failed", error=repr(error))
            await asyncio.sleep(max(0.2, 1.0 / self.speed))

    async def hear(self, entries: Sequence[Entry]) -> None:
        """Says when somebody has something to do; what it is, is looked at then."""
        now = self._clock.now()
        for e in entries:
            if e.kind == "agent.presence" and e.subject in self._guests:
                (self._guests_here.discard if e.data.get("to") == "offline" else self._guests_here.add)(e.subject)
                said = e.data.get("from"), e.data.get("to")
                if e.subject in self._desk and said == ("offline", "online") and now - e.at < _JUST_NOW:
                    self._came = True
            if e.conversation_id is None:
                continue
            talk = self.talks.get(e.conversation_id)
            if talk is not None:
                self._hear(talk, e, now)
            elif e.kind in ("conversation.assigned", "message.received"):
                self._unknown.add(e.conversation_id)

    def _hear(self, talk: Talk, e: Entry, now: datetime) -> None:
        match e.kind:
            case "conversation.assigned":
                talk.agent_id, talk.leaves_at, talk.assisted = UUID(str(e.data["to"])), None, False
                self._call_agent(talk, now, 6, 30)
            case "conversation.requeued":
                talk.agent_id, talk.agent_at, talk.assisted = None, None, False
            case "reception.turned":
                talk.assisted = True
                if talk.sender is not None:
                    talk.customer_at = now + self._pause(6, 20)
            case "message.received":
                talk.ours_last = False
                self._call_agent(talk, now, 8, 35)
            case "message.sent" if e.data.get("human", True):
                talk.ours_last = True
                if talk.sender is not None and e.actor.startswith("agent:"):
                    talk.customer_at = now + self._pause(6, 28)
            case "conversation.ended":
                talk.over, talk.agent_at, talk.customer_at = True, None, None
                rated = talk.sender is not None and e.data.get("reason") == "agent" and self._chance.random() < 0.6
                talk.rates_at = now + self._pause(5, 25) if rated else now

    def _call_agent(self, talk: Talk, now: datetime, least: float, most: float) -> None:
        if talk.agent_id in self._acts.names:
            talk.agent_at = talk.agent_at or now + self._pause(least, most)
        elif talk.agent_id is not None and talk.sender is not None and not talk.still_to_say:
            talk.customer_at = now + self._pause(45, 90)

    async def step(self, now: datetime) -> None:
        if not self._found:
            self._unknown.update(await self._acts.find_all(self._watcher))
            self._guests_here = await self._acts.present(self._guests)
            self._found = True
        await self._meet(now)
        if self.on:
            await self._browsing.step(now, self.speed)
            await self._arrivals(now)
        for talk in list(self.talks.values()):
            try:
                await self._play(talk, now)
            except DomainError as refused:  # somebody else was faster: ended, transferred, answered
                log.info("demo.gave_up", conversation=str(talk.conversation_id), reason=refused.code)
                self._drop(talk)
        await self._duty.step(now, self.speed)

    async def _meet(self, now: datetime) -> None:
        unknown, self._unknown = sorted(self._unknown - self.talks.keys()), set()
        for talk in await self._acts.find(unknown) if unknown else []:
            self.talks[talk.conversation_id] = talk
            if talk.agent_id in self._acts.names:
                talk.agent_at = now + (self._pause(60, 100) if talk.ours_last else self._pause(4, 25))
            if talk.sender is not None and talk.agent_id is not None and talk.ours_last:
                talk.customer_at = now + self._pause(5, 40)
            if talk.sender is not None and talk.agent_id is None:
                talk.leaves_at = now + self._pause(5400, 7200)

    async def _play(self, talk: Talk, now: datetime) -> None:
        if talk.over:
            if talk.rates_at is not None and now >= talk.rates_at:
                await self._rate(talk, now)
        elif talk.agent_at is not None and now >= talk.agent_at:
            talk.agent_at = None
            await self._agent_acts(talk, now)
        elif self.on and talk.leaves_at is not None and now >= talk.leaves_at and talk.agent_id is None:
            await self._acts.leave(talk, now)
            self._drop(talk)
        elif self.on and talk.customer_at is not None and now >= talk.customer_at:
            talk.customer_at = None
            await self._customer_acts(talk, now)

    async def _agent_acts(self, talk: Talk, now: datetime) -> None:
        if talk.agent_id not in self._acts.names:
            return
        move = await self._acts.answer(talk, now)
        talk.looked = move is Move.LOOK
        if talk.looked:
            talk.agent_at = now + self._pause(10, 35)
        elif move in (Move.ANSWER, Move.GOODBYE) and talk.sender is not None:
            talk.agent_at = now + (self._pause(70, 110) if move is Move.ANSWER else self._pause(8, 20))

    async def _customer_acts(self, talk: Talk, now: datetime) -> None:
        """The rest of a sentence, an answer to ours, or a nudge."""
        said = load_words()
        if talk.assisted and not talk.still_to_say:
            text = await self._acts.reaction(talk)
        elif talk.still_to_say:
            text = talk.still_to_say.pop(0)
            talk.customer_at = now + self._pause(4, 14) if talk.still_to_say else None
        elif talk.looked and talk.ours_last:
            return  # the answer is on its way
        elif talk.ours_last:
            text = self._reaction(talk)
        elif talk.nags < MOST_NAGS:
            talk.nags += 1
            text = self._chance.choice(said.nags)
        else:
            return
        if text:
            await self._acts.write(talk, text, now)

    def _reaction(self, talk: Talk) -> str:
        """To an answer: content, curious, or gone."""
        if talk.thanked:
            return ""
        how = self._chance.random()
        if how < 0.3 and talk.follow_ups < MOST_FOLLOW_UPS:
            talk.follow_ups += 1
            return self._chance.choice(load_words().follow_ups)[0]
        if how < 0.85:
            talk.thanked = True
            return self._chance.choice(load_words().thanks)
        return ""

    async def _arrivals(self, now: datetime) -> None:
        if self._came:
            await self._greet(now)
        while self._next_arrival is None or now >= self._next_arrival:
            if self._next_arrival is not None and len(self.talks) < self._most:
                await self._arrive(now)
            rate = _A_MINUTE * max(_LEAST_BUSY, day.busy(now)) * self.speed / 60
            wait = timedelta(seconds=self._chance.expovariate(rate))
            self._next_arrival = (self._next_arrival or now) + wait
            if now - self._next_arrival > timedelta(minutes=5):
                self._next_arrival = now  # after a long sleep of the machine nobody comes in a crowd

    async def _greet(self, now: datetime) -> None:
        """Somebody has sat down at the desk: her customers are there, not after a while."""
        self._came = False
        for _ in range(_RESERVED - self._waiting()):
            await self._arrive(now, self._chance.choices(_FOR_LINYI, (4, 1))[0])

    async def _arrive(self, now: datetime, kind: str | None = None) -> None:
        kind = kind or self._kind()
        bought = kind in _FOR_LINYI  # who wants his money back is signed in, and the shop knows what he bought
        browser = None if bought else self._browsing.somebody()
        browser = browser or await self._browsing.enter(now, signed=bought)
        if browser is None:
            return
        kind = "consult" if browser.inbox in self._consulted else kind
        lines = self._openings.lines(kind, now)
        talk = Talk(
            UUID(int=0), browser.inbox, UUID(int=0), now, browser.sender, browser.customer.name, still_to_say=lines[1:],
            for_linyi=kind in _FOR_LINYI,
        )  # fmt: skip
        page = {"url": browser.at.url, "title": browser.at.title}
        done = await self._acts.write(talk, lines[0], now, page)
        if done.conversation_id is None or done.conversation_id in self.talks:
            return
        browser.asks = True
        talk.conversation_id = done.conversation_id
        talk.leaves_at = now + self._pause(360, 840)
        talk.customer_at = now + (self._pause(3, 12) if talk.still_to_say else self._pause(60, 120))
        self.talks[talk.conversation_id] = talk  # before anything is awaited: the journal may tell of it any moment
        found = await self._acts.find([done.conversation_id])
        if not found:
            self._drop(talk)  # thanks for a conversation that is over
            return
        talk.contact_id = found[0].contact_id
        if bought:
            await self._acts.shopped(browser.customer, talk.contact_id, kind, lines, now)
        talk.agent_id = talk.agent_id or found[0].agent_id

    def _kind(self) -> str:
        """What is 林一's comes as often as she can take it; while she is away nobody is made to wait for her."""
        if self._guests_here and self._waiting() < _RESERVED and self._chance.random() < 0.4:
            return self._chance.choices(_FOR_LINYI, (4, 1))[0]
        return self._chance.choices(("consult", "aftersale"), (7, 3))[0]

    def _waiting(self) -> int:
        return sum(talk.for_linyi and talk.agent_id is None and not talk.over for talk in self.talks.values())

    async def _rate(self, talk: Talk, now: datetime) -> None:
        talk.rates_at = None
        if talk.sender is not None:
            given = words.stars(self._chance)
            comment = self._chance.choice(load_words().praise if given > 3 else load_words().blame)
            await self._acts.rate(talk, Rating(given > 2, given, [], comment), now)
        self._drop(talk)

    def _drop(self, talk: Talk) -> None:
        self.talks.pop(talk.conversation_id, None)
        for number, browser in list(self._browsing.open.items()):
            if talk.sender is not None and browser.sender.value == talk.sender.value:
                self._browsing.leave(number)

    def _pause(self, least: float, most: float) -> timedelta:
        return timedelta(seconds=self._chance.uniform(least, most) / self.speed)
