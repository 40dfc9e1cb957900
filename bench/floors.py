"""A large floor for the figures of routing: people with teams and skills, and work that needs them."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

from yizhan.desk.routing import Board, Seat, Seated, Waiting, Work, WorkKind

NOW = datetime(2026, 11, 11, 12, tzinfo=UTC)
_TEAMS, _SKILLS = 60, 24
_MIX = (1,) * 20 + (2,) * 62 + (3,) * 13 + (4,) * 5
URGENT = 4


def team(n: int) -> UUID:
    return UUID(int=10_000_000 + n)


def skill(n: int) -> UUID:
    return UUID(int=11_000_000 + n)


def seat(rng: random.Random, n: int, *, full: bool) -> Seat:
    """Everybody is of one team and holds four of the skills his team's work asks for, at levels of his own."""
    own = n % _TEAMS
    held = {skill((own + step) % _SKILLS): rng.randint(1, 5) for step in rng.sample(range(6), 4)}
    return Seat(
        agent_id=UUID(int=1 + n), online=True, idle_since=NOW - timedelta(seconds=rng.randrange(3600)),
        live_cap=5, live=5 if full else rng.randrange(5), skills=frozenset(held), levels=held,
        teams=frozenset({team(own)}), handling_s=rng.randint(120, 600),
    )  # fmt: skip


def work(rng: random.Random, n: int, since: datetime) -> Work:
    own = rng.randrange(_TEAMS)
    asked = rng.choice((0, 0, 1, 1, 2))
    must = frozenset(skill((own + step) % _SKILLS) for step in rng.sample(range(6), min(1, asked)))
    return Work(
        id=UUID(int=20_000_000 + n), kind=WorkKind.CONVERSATION, priority=rng.choice(_MIX), seniority=since,
        since=since, team_id=team(own), skills=must, levels=dict.fromkeys(must, rng.choice((1, 1, 3))),
        wishes=frozenset({skill((own + rng.randrange(6)) % _SKILLS)}) if asked == 2 else frozenset(),
        house_at=since + timedelta(hours=2), should_at=since + timedelta(hours=6), ageing=timedelta(minutes=10),
    )  # fmt: skip


def crowded(agents: int, waiting: int, seed: int = 7) -> Board:
    """Everybody is full and many wait."""
    rng, board = random.Random(seed), Board()
    for n in range(agents):
        board.apply(Seated(seat(rng, n, full=True)))
    for n in range(waiting):
        board.apply(Waiting(work(rng, n, NOW - timedelta(seconds=rng.uniform(0, 900)))))
    return board
