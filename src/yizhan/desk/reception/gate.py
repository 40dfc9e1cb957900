"""The decision "this conversation begins with the assistant", made before triage sees it: one batch, few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk.reception import policy, store
from yizhan.desk.reception.documents import ReceptionDocument, ReceptionRules
from yizhan.desk.reception.model import ACTOR, Attendance, Begins, Opening
from yizhan.desk.reception.service import Desk
from yizhan.desk.words import WordRules
from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Entry, Event, emit
from yizhan.records import conversations

BotFirst = Callable[[Tx], Awaitable[frozenset[UUID]]]
"""The teams for which a supervisor wants the assistant first."""

_FRESH = timedelta(seconds=1)


class Gate:
    """Costs nothing in a house without an assistant. What it asks of the house it remembers for a second."""

    def __init__(self, desk: Desk, bot_first: BotFirst) -> None:
        self._desk = desk
        self._bot_first = bot_first
        self._some = True  # whether anybody may be with the assistant: at the start nobody knows
        self._teams: tuple[datetime, frozenset[UUID]] | None = None
        self._attendance: dict[tuple[UUID, UUID | None], tuple[datetime, Attendance]] = {}

    async def __call__(self, tx: Tx, entries: Sequence[Entry], now: datetime) -> None:
        receiving = self._desk.book.any(_receives)
        opened = any(e.kind == "conversation.started" and e.data.get("phase") == "bot" for e in entries)
        if not (receiving or opened or self._some):
            return
        started = {e.subject: e for e in entries if e.kind == "conversation.started" and e.data.get("live")}
        begun = await self._begin(tx, started, entries, now) if receiving and started else set()
        said: dict[UUID, list[UUID]] = defaultdict(list)
        for e in entries:
            if e.kind == "message.received" and e.subject not in begun and not e.data.get("automatic"):
                said[e.subject].append(UUID(str(e.data["message"])))
        held = await store.with_assistant(tx, said)
        await self._tell(tx, {id: said[id] for id in held}, entries, now)
        self._some = receiving or bool(held) or await store.any_with_assistant(tx)

    async def _begin(self, tx: Tx, started: Mapping[UUID, Entry], entries: Sequence[Entry], now: datetime) -> set[UUID]:
        """Those of which everything is told already."""
        why: dict[UUID, str] = {}
        for id, e in started.items():
            reason = await self.receives(tx, UUID(str(e.data["inbox"])), e.team_id, now)
            if reason is not None:
                why[id] = reason
        if not why:
            return set()
        found = await store.openings(tx, why)
        spared = {o.id: policy.spared(o, self._rules(o), self._words(o)) for o in found}
        taken = [o for o in found if spared[o.id] is None]
        if taken:
            # All of the batch at once: triage locks the others when these are locked already.
            await conversations.lock_many(tx, sorted({e.conversation_id for e in entries if e.conversation_id}))
        received = await conversations.receive(
            tx, {o.id: {"why": why[o.id], "messages": o.messages} for o in taken}, actor=ACTOR, now=now
        )
        stands_in = [o for o in found if spared[o.id] is not None and why[o.id] in _STANDS_IN]
        await emit(tx, [
            Event(
                kind="reception.declined", subject=o.id, subject_version=1, at=now, actor=ACTOR, conversation_id=o.id,
                ticket_id=o.ticket_id, team_id=o.team_id,
                data={"why": spared[o.id]},
            )
            for o in stands_in
        ])  # fmt: skip
        return set(received)

    async def receives(self, tx: Tx, inbox_id: UUID, team_id: UUID | None, now: datetime) -> str | None:
        rules = self._desk.book.of(inbox_id, team_id)
        if not rules.receives:
            return None
        teams = await self._wanted_first(tx, now) if rules.begins is not Begins.ALWAYS else frozenset()
        there = await self._there(tx, inbox_id, team_id, now) if policy.asks_attendance(rules) else None
        return policy.receives(rules, there, bot_first=team_id in teams)

    async def _tell(self, tx: Tx, said: Mapping[UUID, Sequence[UUID]], entries: Sequence[Entry], now: datetime) -> None:
        """What is said to the assistant later has a kind of its own, so that its reader wakes for nothing else."""
        last = {e.subject: e for e in entries if e.subject in said and e.kind == "message.received"}
        await emit(tx, [
            Event(
                kind="reception.asked", subject=id, subject_version=last[id].subject_version, at=now,
                actor=last[id].actor, brand_id=last[id].brand_id, team_id=last[id].team_id,
                contact_id=last[id].contact_id, conversation_id=id, ticket_id=last[id].ticket_id,
                data={"messages": list(messages)},
            )
            for id, messages in said.items()
        ])  # fmt: skip

    async def _wanted_first(self, tx: Tx, now: datetime) -> frozenset[UUID]:
        if self._teams is None or not _is_fresh(self._teams[0], now):
            self._teams = now, await self._bot_first(tx)
        return self._teams[1]

    async def _there(self, tx: Tx, inbox_id: UUID, team_id: UUID | None, now: datetime) -> Attendance:
        held = self._attendance.get((inbox_id, team_id))
        if held is None or not _is_fresh(held[0], now):
            held = now, await self._desk.attended(tx, inbox_id, team_id, "zh-CN", now)
            self._attendance[inbox_id, team_id] = held
        return held[1]

    def _rules(self, o: Opening) -> ReceptionRules:
        return self._desk.book.of(o.inbox_id, o.team_id)

    def _words(self, o: Opening) -> WordRules:
        return self._desk.words.of(o.inbox_id, o.team_id)


_STANDS_IN = frozenset({Begins.OUTSIDE_HOURS.value, Begins.UNATTENDED.value})


def _receives(document: ReceptionDocument) -> bool:
    return isinstance(document.begins, Begins) and document.begins is not Begins.NEVER


def _is_fresh(asked: datetime, now: datetime) -> bool:
    return timedelta() <= now - asked < _FRESH
