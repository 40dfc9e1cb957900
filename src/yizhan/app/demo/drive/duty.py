"""The day of the agents who are played: breaks, coming back, and the tickets that lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from yizhan.app.demo.drive.acts import Acts
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.errors import DomainError
from yizhan.foundation.log import get_logger
from yizhan.records import agents
from yizhan.records.agents import PresenceState

log = get_logger(__name__)

_EVERY = timedelta(seconds=45)
_LIES = timedelta(hours=2)
_PRESSES = timedelta(minutes=25)
_LEAST_ON_DUTY = 3
_RETURNS = ("missed", "shift_over")  # the demo has people at any hour
_REASONS = ("就餐", "培训", "会议", "洗手间")


class Duty:
    """Nobody of `never` is called to the desk: what they can do is left to the one who tries the demo."""

    def __init__(
        self, db: Database, acts: Acts, teams: Mapping[str, Sequence[UUID]], never: frozenset[UUID], chance: Random
    ) -> None:
        self._db = db
        self._acts = acts
        self._teams = teams
        self._never = never
        self._chance = chance
        self._next: datetime | None = None
        self._back: dict[UUID, datetime] = {}

    async def step(self, now: datetime, speed: float) -> None:
        if self._next is not None and now < self._next:
            return
        self._next = now + _EVERY / speed
        async with self._db.transaction() as tx:
            states = {a.id: a.presence for a in await agents.agents(tx)}
            for team in self._teams.values():
                people = [p for p in team if p not in self._never]
                for who in people:
                    presence = states.get(who)
                    if presence and presence.state is PresenceState.BUSY and presence.reason in _RETURNS:
                        await self._say(tx, who, PresenceState.ONLINE, None, now)
                    elif who in self._back and now >= self._back[who]:
                        del self._back[who]
                        await self._say(tx, who, PresenceState.ONLINE, None, now)
                on = [p for p in people if (s := states.get(p)) and s.state is PresenceState.ONLINE]
                if len(on) > _LEAST_ON_DUTY and self._chance.random() < 0.1:
                    who = self._chance.choice(on)
                    self._back[who] = now + timedelta(minutes=self._chance.uniform(3, 9)) / speed
                    await self._say(tx, who, PresenceState.BREAK, self._chance.choice(_REASONS), now)
        everybody = [who for team in self._teams.values() for who in team]
        for who in self._chance.sample(everybody, len(everybody)):
            if await self._solves(who, now):
                break

    async def _solves(self, who: UUID, now: datetime) -> bool:
        """What is about to be late comes first: a house that looks after its promises."""
        try:
            return await self._acts.solve_next(who, now - _LIES, now + _PRESSES, now)
        except DomainError as refused:
            log.info("demo.gave_up", agent=str(who), reason=refused.code)
            return False

    async def _say(self, tx: Tx, who: UUID, state: PresenceState, reason: str | None, now: datetime) -> None:
        await agents.set_presence(tx, who, state, reason, now, f"agent:{who}")
