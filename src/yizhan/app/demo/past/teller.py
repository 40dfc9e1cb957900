"""Tells stories to the product: the real verbs, at the stories' own times, many stories side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from yizhan.app.demo.cast import Ending, Line, Story
from yizhan.app.demo.past import verbs
from yizhan.app.demo.past.stage import Stage, Telling
from yizhan.desk import priority, routing, triage, words
from yizhan.desk.routing import Explanation, Gift, Reason, WorkKind
from yizhan.foundation.db import Tx
from yizhan.records import conversations, tickets
from yizhan.records.tickets import By, Verdict

_TOGETHER = 60
_HANDS = 3
_ROUTER = By("router")

_JUDGES = (words.WordListener(words.word_book()), priority.Prioritiser(priority.priority_book()))


class Teller:
    """`contacts` are the customers it made, by customer number."""

    def __init__(self, stage: Stage) -> None:
        self.contacts: dict[int, UUID] = {}
        self._stage = stage

    async def tell(self, stories: Iterable[Story]) -> None:
        """From the first word to the ending; two stories of one customer one after the other."""
        for together in _chunks(stories):
            tellings = await self._begin(together)
            await self._classify(tellings)
            await self._each(tellings, self._hand_over)
            await self._dialogues(tellings)
            await self._each(tellings, self._end)

    async def tell_to_the_floor(self, stories: Sequence[Story], now: datetime) -> None:
        """Still going on: routed as the router does, with what they weigh. Without an agent they wait."""
        tellings = await self._begin(stories)
        async with self._stage.db.transaction() as tx:
            given = [t for t in tellings if t.story.agent is not None]
            await self._verdicts(tx, given)
            others = [t for t in tellings if t.story.agent is None]
            await triage.triage(
                tx, [t.conversation_id for t in others], [t.ticket_id for t in others if t.ticket_id],
                triage.triage_book(), now=now, judges=_JUDGES,
            )  # fmt: skip
            for told in given:
                await self._give(tx, told)
        await self._dialogues([t for t in tellings if t.story.agent is not None])

    async def _begin(self, stories: Sequence[Story]) -> list[Telling]:
        tellings = [Telling(story, _runs(story.lines)) for story in stories]
        await self._customers_speak(tellings)
        async with self._stage.db.transaction() as tx:
            for told in tellings:
                if told.story.customer.number not in self.contacts:
                    contact = await verbs.introduce(tx, self._stage, told)
                    self.contacts[told.story.customer.number] = contact
        return tellings

    async def _customers_speak(self, tellings: Sequence[Telling]) -> None:
        """The next lines of all whose turn it is, in one batch."""
        batch, of = [], []
        for told in tellings:
            for line in told.lines_of("customer"):
                batch.append(self._stage.inbound(told, line))
                of.append(told)
        if not batch:
            return
        self._stage.clock.set(max(m.at for m in batch))
        for told, accepted in zip(of, await self._stage.intake.accept_batch(batch), strict=True):
            assert accepted.conversation_id is not None
            told.conversation_id, told.ticket_id = accepted.conversation_id, accepted.ticket_id

    async def _classify(self, tellings: Sequence[Telling]) -> None:
        async with self._stage.db.transaction() as tx:
            await self._verdicts(tx, tellings)
            held = await conversations.lock_many(tx, [t.conversation_id for t in tellings])
        found = {c.id: c for c in held}
        for told in tellings:
            told.conversation = found[told.conversation_id]

    async def _verdicts(self, tx: Tx, tellings: Sequence[Telling]) -> None:
        if not tellings:
            return
        now = max(t.story.start for t in tellings)
        await conversations.mark_triaged(tx, {t.conversation_id: {} for t in tellings}, actor="triage", now=now)
        verdicts = [Verdict(t.ticket_id, t.story.kind, t.story.priority) for t in tellings if t.ticket_id is not None]
        await tickets.mark_triaged(tx, verdicts, actor="triage", now=now)

    async def _hand_over(self, tx: Tx, told: Telling) -> None:
        if told.story.agent is not None:
            await verbs.hand_over(tx, self._stage, told)

    async def _give(self, tx: Tx, told: Telling) -> None:
        who = self._stage.staff.people[told.story.agent or ""]
        waited = min(14, int(told.reply_at.total_seconds() * 0.6))
        gift = Gift(
            kind=WorkKind.CONVERSATION, work_id=told.conversation_id, agent_id=who, over=None,
            explanation=Explanation(Reason.ROOM, waited, 0, 0),
        )  # fmt: skip
        await routing.give(tx, [gift], by=_ROUTER, now=told.story.start + timedelta(seconds=waited))
        told.conversation = await conversations.lock_conversation(tx, told.conversation_id)

    async def _dialogues(self, tellings: Sequence[Telling]) -> None:
        """Turn by turn: what agents say in one step, what customers say to it in the next."""
        while any(told.runs for told in tellings):
            await self._each([t for t in tellings if t.turn in ("agent", "note")], self._speak)
            await self._customers_speak([t for t in tellings if t.turn == "customer"])

    async def _speak(self, tx: Tx, told: Telling) -> None:
        await verbs.speak(tx, self._stage, told)

    async def _end(self, tx: Tx, told: Telling) -> None:
        if told.story.ending is not Ending.OPEN:
            await verbs.end(tx, self._stage, told)
        await verbs.finish(tx, self._stage, told)

    async def _each(self, tellings: Sequence[Telling], verb: verbs.Verb) -> None:
        """A few transactions side by side, each with its share of the stories."""

        async def share(part: Sequence[Telling]) -> None:
            async with self._stage.db.transaction() as tx:
                for told in part:
                    await verb(tx, told)

        async with asyncio.TaskGroup() as group:
            for hand in range(_HANDS):
                if part := tellings[hand::_HANDS]:
                    group.create_task(share(part))


def _chunks(stories: Iterable[Story]) -> Iterable[list[Story]]:
    chunk: list[Story] = []
    seen: set[int] = set()
    for story in stories:
        if len(chunk) >= _TOGETHER or story.customer.number in seen:
            yield chunk
            chunk, seen = [], set()
        chunk.append(story)
        seen.add(story.customer.number)
    if chunk:
        yield chunk


def _runs(lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    return [(by, list(run)) for by, run in groupby(lines, key=lambda line: line.by)]
