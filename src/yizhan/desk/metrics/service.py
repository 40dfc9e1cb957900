"""The counting process: follows the feed, takes up where it stopped, keeps its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from yizhan.desk.metrics import store
from yizhan.desk.metrics.documents import SHIPPED, MonitorRules
from yizhan.desk.metrics.figures import (
    Eyes,
    Figures,
    channels,
    everybody,
    figures,
    hours,
    midnight_of,
    people,
    yesterday,
)
from yizhan.desk.metrics.lists import Ranked, behind, seconds_behind, unassigned
from yizhan.desk.metrics.model import ALL, QUARTER, Counts, Hour, Person, Scope, Seat, State
from yizhan.desk.metrics.tally import KINDS, apply
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import DATABASE_TROUBLE, Database
from yizhan.foundation.journal import Entry, Feed, Wake, entries_after, entries_of_kinds
from yizhan.foundation.log import get_logger
from yizhan.records import agents
from yizhan.records.agents import Scope as Sees
from yizhan.records.agents import Viewer

log = get_logger(__name__)

_CHUNK = 5_000
_KEEP_EVERY = timedelta(seconds=60)
_LOOK_BACK = timedelta(days=3)
"""Longer than any live conversation lasts: from here a house begins that never counted before."""


class Metrics:
    """`read` costs no query. Until `ready` the numbers are those of some moments ago.

    Several processes may count; what they keep is the same function of the journal, so the furthest wins.
    """

    def __init__(
        self, db: Database, feed: Feed, clock: Clock, rules: Callable[[], MonitorRules] = lambda: SHIPPED, *,
        keeps: bool = True,
    ) -> None:  # fmt: skip
        self.state = State()
        self.seats: dict[UUID, Seat] = {}
        self.ready = False
        self.changed = 0
        self._brands: dict[str, UUID | None] = {}
        self._rules = rules
        self._db = db
        self._feed = feed
        self._clock = clock
        self._keeps = keeps
        self._kept_at: datetime | None = None
        self._kept_pos = 0
        self._stale_seats = True
        self._wake = Wake()
        self._memo: tuple[int, int, str, Figures] | None = None
        self._before: tuple[int, str, Figures] | None = None
        feed.listen(self.hear)

    async def hear(self, entries: Sequence[Entry]) -> None:
        """The feed's listener: counts in memory; a gap is read by `run`."""
        if entries[0].pos == self.state.pos + 1 and self.ready:
            apply(self.state, entries)
            self.changed = entries[-1].pos
        elif entries[-1].pos > self.state.pos:
            self._wake.ring()
        if any(e.kind.startswith(("agent.", "team.")) and e.kind != "agent.presence" for e in entries):
            self._stale_seats = True
            self._wake.ring()

    def read(self, now: datetime, viewer: Viewer | None = None) -> Figures:
        """Every metric and scope that has a value, as this viewer may see them; of the whole house without one."""
        second, who = int(now.timestamp()), _class_of(viewer)
        if self._memo is not None and self._memo[:3] == (second, self.state.pos, who):
            return self._memo[3]
        told = figures(self.state, self.seats, self._rules(), now, self.eyes(viewer))
        self._memo = (second, self.state.pos, who, told)
        return told

    def people(self, now: datetime, viewer: Viewer | None = None) -> list[Person]:
        return people(self.state, self.seats, self._rules(), now, self.eyes(viewer))

    def yesterday(self, now: datetime, viewer: Viewer | None = None) -> Figures:
        """What is counted by the day, as it was at this time of yesterday; it changes with the quarter of an hour."""
        quarter, who = int(now.timestamp()) // QUARTER, _class_of(viewer)
        if self._before is None or self._before[:2] != (quarter, who):
            self._before = (quarter, who, yesterday(self.state, self._rules(), now, self.eyes(viewer)))
        return self._before[2]

    def hours(self, now: datetime, viewer: Viewer | None = None, within: Scope = ALL) -> list[Hour]:
        return hours(self.state, self._rules(), now, self.eyes(viewer), within)

    def channels(self, now: datetime, viewer: Viewer | None = None, within: Scope = ALL) -> dict[str, Counts]:
        """By which channels people came to a team today."""
        return channels(self.state, self._rules(), now, self.eyes(viewer), within)

    def behind(self, metric: str, scope: Scope, now: datetime, viewer: Viewer | None = None) -> list[Ranked] | None:
        """The conversations behind a number; None where they are not remembered."""
        return behind(self.state, self._rules(), metric, scope, now, self.eyes(viewer))

    def seconds_behind(self, metric: str) -> dict[UUID, float]:
        """What each conversation adds to a mean of seconds."""
        return seconds_behind(self.state, metric)

    def unassigned(self, scope: Scope, viewer: Viewer | None = None) -> list[Ranked]:
        """The tickets that nobody has, who waits longest first."""
        return unassigned(self.state, scope, self.eyes(viewer))

    def midnight(self, now: datetime) -> datetime:
        """Since when today is counted."""
        return midnight_of(now, self._rules().tz)

    @property
    def rules(self) -> MonitorRules:
        return self._rules()

    def eyes(self, viewer: Viewer | None) -> Eyes:
        """The same scopes as everywhere: what belongs to no team is seen by all but those who see only their own."""
        if viewer is None or viewer.scope is Sees.ALL:
            return everybody
        mine = {str(team) for team in viewer.team_ids}
        if viewer.scope is Sees.BRAND:
            mine |= {team for team, brand in self._brands.items() if brand in viewer.brand_ids}
        if viewer.scope is Sees.OWN:
            return lambda team: False
        return lambda team: not team or team in mine

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.step()
            except DATABASE_TROUBLE as error:
                log.warning("metrics.away", error=repr(error))
            await self._wake.wait(_KEEP_EVERY.total_seconds() / 4)

    async def step(self) -> None:
        """Takes up what is missing, and keeps what is counted once a minute."""
        if not self.ready:
            await self._begin()
        if self._stale_seats:
            self._stale_seats = False
            await self._look_around()
            self.changed += 1
        await self._catch_up()
        now = self._clock.now()
        if self._keeps and (self._kept_at is None or now - self._kept_at >= _KEEP_EVERY):
            await self.keep()

    async def keep(self) -> None:
        """So that the next process need not count anew."""
        self._kept_at = self._clock.now()
        if self.state.pos == self._kept_pos:
            return
        pos, state = self.state.pos, store.packed(self.state)
        async with self._db.transaction() as tx:
            await store.keep(tx, pos, self._feed.epoch, state, self._kept_at)
        self._kept_pos = pos

    async def _begin(self) -> None:
        async with self._db.read() as tx:
            kept = await store.newest(tx, self._feed.epoch, self._feed.pos)
            waiting = {} if kept else await store.unassigned(tx)
            late = {} if kept else await store.late(tx)
        self.state = kept or State(pos=await self._first(), unassigned=waiting, late=late)
        self._kept_pos = self.state.pos
        await self._catch_up()
        self.ready = True

    async def _catch_up(self) -> None:
        """Reads what the feed has passed; between the last look and the last line nothing is awaited."""
        while self.state.pos < self._feed.pos:
            upto = min(self._feed.pos, self.state.pos + _CHUNK)
            at = self.state.pos
            async with self._db.read() as tx:
                entries = await entries_of_kinds(tx, at, upto, KINDS)
            if self.state.pos != at:
                continue  # the feed was faster
            apply(self.state, entries)
            self.state.pos = self.changed = upto

    async def _look_around(self) -> None:
        """What the journal does not say: limits, teams and their business lines."""
        async with self._db.read() as tx:
            everyone, teams = await agents.agents(tx), await agents.teams(tx)
        self.seats = {
            who.id: Seat(who.name, who.live_cap, tuple(str(team.id) for team in who.teams))
            for who in everyone if who.active
        }  # fmt: skip
        self._brands = {str(team.id): team.brand_id for team in teams}

    async def _first(self) -> int:
        """The position from which `_LOOK_BACK` is told, by halving: positions are dense and times rise with them."""
        since = self._clock.now() - _LOOK_BACK
        low, high = 0, self._feed.pos
        async with self._db.read() as tx:
            while low < high:
                middle = (low + high) // 2
                found = await entries_after(tx, middle, 1)
                low, high = (middle + 1, high) if found and found[0].at < since else (low, middle)
        return low


def _class_of(viewer: Viewer | None) -> str:
    return "" if viewer is None else f"{viewer.scope}{viewer.team_ids}{viewer.brand_ids}"
