"""Who gets what: a pure object without database or clock. The same facts give the same decisions, also in a simulation.

Promises: nobody waits beside a free and able agent, unless what room he has is kept for heavier work that comes first;
nobody carries more than the cap, but for one customer who came back; no work is given twice; waiting lifts everything
to the head in the end. A decision costs the same whether ten people sit there or ten thousand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from uuid import UUID

import msgspec

from yizhan.desk.routing import overflow, policy
from yizhan.desk.routing.model import (
    Action,
    Chain,
    Decision,
    Excluded,
    Fact,
    Judged,
    LoadKind,
    Reach,
    Reason,
    Retired,
    Seat,
    Seated,
    Settled,
    Spill,
    Waiting,
    Work,
)
from yizhan.desk.routing.pools import Need, Pool
from yizhan.desk.routing.queues import Bucket, Key, Queues
from yizhan.desk.routing.reach import Sight, need_of, reach_of
from yizhan.desk.routing.seating import Seating

_URGENT = 4


class Board:
    def __init__(self, *, explained: bool = True) -> None:
        self._explained = explained
        self._queues = Queues()
        self._seating = Seating(self._gained, self._moved)
        self._claims: dict[UUID, None] = {}
        self._keeping: dict[UUID, Bucket] = {}  # whose room is kept for the first of which bucket
        self._longing: set[Bucket] = set()  # to be looked at again whatever changes
        self._chains: dict[UUID, Chain] = {}
        self._spills: dict[UUID, Spill] = {}

    def apply(self, fact: Fact) -> None:
        match fact:
            case Waiting(work):
                self._drop(work.id)
                self._queues.add(work)
                if work.back_to or work.held_by or work.bound_to:
                    self._claims[work.id] = None
            case Settled(work_id):
                self._drop(work_id)
            case Seated(seat):
                self._seating.seat(seat)
            case Retired(agent_id):
                self._seating.unseat(agent_id)

    def follow(self, chains: Iterable[Chain], running: Mapping[UUID, int] | None = None) -> None:
        """Other chains of overflow are in force; `running` is how far each was drawn on before."""
        known = {team: spill.steps for team, spill in self._spills.items()} | dict(running or {})
        touched = {*self._chains, *(c.team_id for c in chains)}
        self._chains = {c.team_id: c for c in chains}
        self._spills = {
            team: overflow.begun(c, min(known[team], len(c.steps)))
            for team, c in self._chains.items() if known.get(team)
        }  # fmt: skip
        for team in touched:
            self._moved(team)

    def decide(self, now: datetime) -> list[Decision]:
        """Everything that can be done now, most urgent first; decided work has left the board."""
        self._queues.file(now)
        self._draw_on(now)
        decisions = [d for work in self._claimed() if (d := self._claim(work, now)) is not None]
        self._queues.file(now)
        self._let_go()
        dirty = self._queues.dirty | self._longing
        self._queues.dirty, self._longing = set(), set()
        heads: list[tuple[Key, Bucket]] = [(bucket.order[0], bucket) for bucket in dirty if bucket.order]
        heapify(heads)
        while heads:
            bucket = heappop(heads)[1]
            if bucket.pool is not None and not bucket.pool.able and not bucket.is_steady:
                continue
            decision = self._give(bucket, now)
            if decision is None:
                continue
            decisions.append(decision)
            if bucket.order:
                heappush(heads, (bucket.order[0], bucket))
        self._queues.dirty = set()
        self._seating.sweep()
        return decisions

    def awaits(self, work_id: UUID) -> bool:
        return work_id in self._queues.works

    def waiting(self) -> Iterator[Work]:
        return self._queues.ordered()

    def seats(self) -> Iterable[Seat]:
        return self._seating.seats.values()

    def seat(self, agent_id: UUID) -> Seat | None:
        return self._seating.seats.get(agent_id)

    def spills(self) -> Iterable[Spill]:
        """The teams that others help just now."""
        return self._spills.values()

    def able(self, work: Work, now: datetime) -> list[Seat]:
        """Everybody who can take it now, worked out without the index."""
        sizes = {team: len(members) for team, members in self._seating.members.items()}
        sight = Sight(list(self.seats()), sizes, now, self._helpers)
        return [s for s in self.seats() if sight.exclusion(work, s) is None and not self.is_kept(s.agent_id, work.load)]

    def is_kept(self, agent_id: UUID, load: LoadKind) -> bool:
        return load in self._seating.kept.get(agent_id, ())

    def away(self, now: datetime, grace: timedelta) -> list[Seat]:
        """Whose grace is over while people still wait for them."""
        return [s for s in self.seats() if s.away_since is not None and s.live > 0 and now - s.away_since >= grace]

    def _draw_on(self, now: datetime) -> None:
        for team, chain in self._chains.items():
            before = self._spills.get(team)
            length, first = self._queues.waiting(team, chain.counts)
            steps = overflow.drawn_on(chain, before.steps if before else 0, length, first, now)
            if steps:
                self._spills[team] = overflow.spill(chain, steps, length, first, now)
            else:
                self._spills.pop(team, None)
            if steps != (before.steps if before else 0):
                self._moved(team)

    def _claimed(self) -> list[Work]:
        works = (self._queues.works[work_id] for work_id in self._claims)
        return sorted(works, key=lambda w: (-w.priority, not w.front, w.seniority, w.id))

    def _claim(self, work: Work, now: datetime) -> Decision | None:
        """Work that somebody has a claim to: it stays there, or is for all, one who came back at the front."""
        whose = work.back_to or work.held_by or work.bound_to
        seat = self._seating.seats.get(whose) if whose is not None else None
        if work.back_to is not None:
            if seat is not None and policy.may_return(work, seat, work.back_until, now):
                return self._settle(Action.KEEP, work, seat, Reason.RETURNING, now)
            self.apply(Waiting(policy.to_front(work)))
            return Decision(Action.FRONT, work, work.back_to)
        if work.held_by is not None:
            # Without a seat the handler is gone: the ticket is for everybody.
            return self._settle(Action.KEEP, work, seat, Reason.ADOPTED, now) if seat is not None else None
        fresh = seat is not None and not work.pulled and not seat.leaving and seat.agent_id not in work.barred
        if seat is not None and fresh and policy.may_return(work, seat, work.bound_until, now):
            return self._settle(Action.GIVE, work, seat, Reason.TOPIC, now)
        return None

    def _give(self, bucket: Bucket, now: datetime) -> Decision | None:
        work = self._queues.works[bucket.order[0][-1]]
        pool = self._pool(bucket, work, now)
        resting: frozenset[UUID] = frozenset()
        if work.returned:
            resting = policy.resting(work, self._seating.in_house(pool), now)
            self._longing.add(bucket)
        resting |= work.barred
        chosen = pool.first(work, resting)
        if chosen is None:
            if work.weight > 1 and -bucket.order[0][0] >= _URGENT:
                self._keep_for(bucket, work, pool, resting)
            return None
        seat = self._seating.seats[chosen]
        return self._settle(Action.GIVE, work, seat, self._reason(work, seat), now, pool, resting, -bucket.order[0][0])

    def _reason(self, work: Work, seat: Seat) -> Reason:
        if seat.agent_id in work.prefer:
            return Reason.STICKY
        helped = work.team_id in self._spills and work.team_id not in seat.teams
        return Reason.OVERFLOW if helped and self._helpers(work) & seat.teams else Reason.ROOM

    def _keep_for(self, bucket: Bucket, work: Work, pool: Pool, resting: frozenset[UUID]) -> None:
        """Heavy work at the head gets the next room there is: meanwhile lighter work does not eat it up."""
        self._longing.add(bucket)
        lighter = self._seating.pool(pool.need._replace(weight=1)).able
        roomy = next((each[-1] for each in lighter if each[-1] not in resting), None)
        if roomy is not None:
            self._keeping[roomy] = bucket
            self._seating.kept[roomy].add(work.load)
            self._seating.place(self._seating.seats[roomy])

    def _let_go(self) -> None:
        for agent_id in self._keeping:
            if self._seating.kept.pop(agent_id, None):
                self._seating.place(self._seating.seats[agent_id])
        self._keeping = {}

    def _settle(
        self, action: Action, work: Work, seat: Seat, reason: Reason, now: datetime, pool: Pool | None = None,
        resting: frozenset[UUID] = frozenset(), rank: int = 0,
    ) -> Decision:  # fmt: skip
        pool = pool or (self._seating.pool(self._need(work, now)) if self._explained else None)
        judged: tuple[Judged, ...] = ()
        others: dict[Excluded, int] = {}
        if pool is not None and self._explained:
            judged, others = policy.judge_pool(work, pool, self._seating.seats, seat, resting, now)
        self._drop(work.id)
        seat.carry(work)
        seat.idle_since = now
        self._seating.place(seat)
        reach = pool.need.reach if pool is not None else Reach.TEAM
        told = policy.explain(reason, work, seat, judged, others, reach, now)
        told = msgspec.structs.replace(
            told, priority=rank or work.priority, helped=work.team_id if reason is Reason.OVERFLOW else None
        )
        return Decision(action, work, seat.agent_id, told)

    def _pool(self, bucket: Bucket, work: Work, now: datetime) -> Pool:
        if bucket.pool is None:
            bucket.pool = self._seating.pool(self._need(work, now))
            bucket.pool.users.add(bucket)
        return bucket.pool

    def _need(self, work: Work, now: datetime) -> Need:
        staffed = self._seating.staffed(work.team_id)
        reach = reach_of(work, staffed, lambda: self._seating.held(work), now)
        return need_of(work, reach, staffed, self._helpers(work))

    def _helpers(self, work: Work) -> frozenset[UUID]:
        return overflow.helped(work, self._spills)

    def _gained(self, pool: Pool) -> None:
        self._queues.dirty.update(pool.users)

    def _moved(self, team_id: UUID) -> None:
        """People of a team came or went, or others help it: who can take its work is worked out anew."""
        for bucket in self._queues.of_team.get(team_id, ()):
            bucket.leave_pool()
            self._queues.dirty.add(bucket)

    def _drop(self, work_id: UUID) -> None:
        self._queues.drop(work_id)
        self._claims.pop(work_id, None)
