"""Random days on the board: arrivals, pulls, transfers, people who come and go, crashes; with books of their own."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.desk.routing import (
    Action,
    Board,
    Chain,
    Decision,
    LoadKind,
    Reason,
    Retired,
    Seat,
    Seated,
    Settled,
    Step,
    Waiting,
    Work,
    WorkKind,
)

START = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
TEAMS = [UUID(int=n) for n in range(50, 53)]
SKILLS = [UUID(int=n) for n in range(60, 63)]
CHAIN = Chain(
    team_id=TEAMS[0], steps=(Step(TEAMS[1], length=3), Step(TEAMS[2], wait=timedelta(minutes=2))), back_length=1
)


class Schedule:
    """The books say who has what; the board is told as the router tells it, and believed in nothing."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.now = START
        self.board = Board(explained=seed % 5 == 0)
        self.chains = [CHAIN] if seed % 2 else []
        self.board.follow(self.chains)
        self.seats: dict[UUID, Seat] = {}
        self.works: dict[UUID, Work] = {}
        self.held: dict[UUID, tuple[UUID, Work]] = {}  # by work: who has it
        self.given: set[UUID] = set()
        self.next = 1000
        for n in range(1, self.rng.randint(2, 6)):
            self.seat(UUID(int=n))

    def seat(self, agent: UUID) -> None:
        rng = self.rng
        held = {s: rng.randint(1, 5) for s in SKILLS if rng.random() < 0.6}
        self.seats[agent] = Seat(
            agent_id=agent, online=rng.random() < 0.8, lost=rng.random() < 0.1, off_duty=rng.random() < 0.05,
            live_cap=rng.randint(0, 5), async_cap=rng.randint(0, 8), skills=frozenset(held), levels=held,
            teams=frozenset(t for t in TEAMS if rng.random() < 0.5), handling_s=rng.choice([0, 90, 300]),
            away_since=self.now if rng.random() < 0.1 else None, idle_since=self.now,
        )  # fmt: skip
        self.tell(agent)

    def tell(self, agent: UUID) -> None:
        """What the tables say of an agent now: his load is what he holds."""
        seat = self.seats[agent]
        mine = [work for who, work in self.held.values() if who == agent]
        seat.live = sum(w.weight for w in mine if w.load is LoadKind.LIVE)
        seat.async_ = sum(w.weight for w in mine if w.load is LoadKind.ASYNC)
        seat.alone = sum(w.alone for w in mine)
        self.board.apply(Seated(msgspec.structs.replace(seat)))

    def arrive(self) -> None:
        rng, self.next = self.rng, self.next + 1
        must = frozenset(s for s in SKILLS if rng.random() < 0.25)
        people = list(self.seats)
        work = Work(
            id=UUID(int=self.next), kind=rng.choice(list(WorkKind)), priority=rng.randint(1, 4), since=self.now,
            seniority=self.now - timedelta(seconds=rng.randrange(300)), team_id=rng.choice([None, *TEAMS]),
            skills=must, levels={s: rng.randint(1, 4) for s in must}, weight=rng.choice([1, 1, 1, 2, 3]),
            wishes=frozenset(rng.sample(SKILLS, 1)) if rng.random() < 0.3 else frozenset(), senior=rng.random() < 0.2,
            prefer=tuple(rng.sample(people, min(2, len(people)))) if rng.random() < 0.3 else (),
            missed=frozenset(rng.sample(people, 1)) if people and rng.random() < 0.1 else frozenset(),
            returned={rng.choice(people): self.now + timedelta(minutes=3)} if people and rng.random() < 0.15 else {},
            house_at=self.now + timedelta(minutes=1), should_at=self.now + timedelta(minutes=3),
            ageing=timedelta(minutes=rng.choice([2, 5])), pulled=rng.random() < 0.05,
            alone=rng.random() < 0.03,
        )  # fmt: skip
        self.works[work.id] = work
        self.board.apply(Waiting(work))

    def finish(self) -> None:
        if self.held:
            work_id = self.rng.choice(list(self.held))
            agent, _ = self.held.pop(work_id)
            if agent in self.seats:
                self.tell(agent)

    def pull(self) -> None:
        """Somebody takes it by hand while the board still has it: the write decides, the board hears of it after."""
        able = [a for a, s in self.seats.items() if s.online]
        if self.works and able:
            work = self.works[self.rng.choice(list(self.works))]
            agent = self.rng.choice(able)
            if self.seats[agent].room(work.load) >= work.weight:
                del self.works[work.id]
                self.held[work.id] = agent, work
                self.board.apply(Settled(work.id))
                self.tell(agent)

    def transfer(self) -> None:
        if self.held and self.seats:
            work_id = self.rng.choice(list(self.held))
            (giver, work), taker = self.held[work_id], self.rng.choice(list(self.seats))
            if self.seats[taker].room(work.load) >= work.weight:
                self.held[work_id] = taker, work
                for agent in {giver, taker} & self.seats.keys():
                    self.tell(agent)

    def flap(self) -> None:
        if self.seats:
            agent = self.rng.choice(list(self.seats))
            seat = self.seats[agent]
            seat.online = self.rng.random() < 0.7
            seat.lost = self.rng.random() < 0.1
            seat.away_since = None if seat.online else self.rng.choice([None, self.now])
            self.tell(agent)

    def leave(self) -> None:
        if len(self.seats) > 1:
            agent = self.rng.choice(list(self.seats))
            del self.seats[agent]
            for work_id in [w for w, (who, _) in self.held.items() if who == agent]:
                work = msgspec.structs.replace(self.held.pop(work_id)[1], front=True, since=self.now, returned={})
                self.given.discard(work_id)
                self.works[work_id] = work
                self.board.apply(Waiting(work))
            self.board.apply(Retired(agent))

    def crash(self) -> None:
        """Another router takes over and reads the tables."""
        self.board = Board()
        self.board.follow(self.chains)
        for agent in self.seats:
            self.tell(agent)
        for work in self.works.values():
            self.board.apply(Waiting(work))

    def step(self) -> None:
        self.now += timedelta(seconds=self.rng.choice([0, 1, 7, 30, 75]))
        deeds = (self.arrive, self.finish, self.pull, self.transfer, self.flap, self.leave, self.crash)
        self.rng.choices(deeds, (40, 22, 8, 8, 12, 1, 2))[0]()
        if self.rng.random() < 0.05:
            self.seat(UUID(int=self.rng.randint(1, 8)))

    def decide(self) -> list[Decision]:
        """Writes what was decided into the books; every promise to one work is checked on the way."""
        made = self.board.decide(self.now)
        for d in made:
            assert d.action is Action.GIVE
            assert d.agent_id is not None
            assert d.work.id in self.works, "given twice"
            assert d.work.id not in self.held, "given while somebody has it"
            assert not d.work.pulled, "dealt out though people take it"
            seat = self.seats[d.agent_id]
            assert seat.online, "given to somebody away"
            assert not seat.lost, "given to somebody unreachable"
            assert not seat.off_duty, "given to somebody off duty"
            assert seat.room(d.work.load) >= d.work.weight, "overload"
            seat.carry(d.work)
            del self.works[d.work.id]
            self.held[d.work.id] = d.agent_id, d.work
            assert d.explanation is not None
            helped = d.explanation.reason is Reason.OVERFLOW
            assert not helped or d.work.priority <= CHAIN.most_priority, "too urgent to be moved"
        return made

    def check(self) -> None:
        """Nobody waits beside somebody free and able, by the rule worked out slowly."""
        assert {w.id for w in self.board.waiting()} == set(self.works)
        for work in self.works.values():
            if not work.pulled:
                able = self.board.able(work, self.now)
                assert not able, f"{work} waits beside {able}"
