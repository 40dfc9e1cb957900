"""`router_decision`: what one decision costs where 5,000 people sit and 50,000 wait, with its explanation."""

from __future__ import annotations

import os
import random
import time
from datetime import timedelta

import msgspec

from bench.floors import NOW, crowded
from bench.house import load_average
from bench.report import figure, percentile
from yizhan.desk.routing import Board, Decision, Seat, Seated

AGENTS = int(os.environ.get("YIZHAN_BENCH_AGENTS", "5000"))
WAITING = int(os.environ.get("YIZHAN_BENCH_WAITING", "50000"))
_DECISIONS = 3_000


def run() -> None:
    began = time.perf_counter()
    board = crowded(AGENTS, WAITING)
    board.decide(NOW)
    built = time.perf_counter() - began
    took, decided = _watch(board)
    scans = [_scan(board, decided[-1]) for _ in range(20)]
    value, limit = percentile(took, 0.5), percentile(sorted(scans), 0.5)
    figure("router_decision", 1000 * value, "ms", goal="< 1", limit=1000 * limit, ratio=value / limit, detail={
        "agents": AGENTS, "waiting": WAITING, "decisions": len(decided), "build_s": round(built, 2),
        "p99_ms": round(1000 * percentile(took, 0.99), 3), "load_average": load_average(),
        "judged_in_each": len(decided[-1].explanation.judged) if decided[-1].explanation else 0,
        "limit_is": "looking at every seat once, in the same run",
    })  # fmt: skip


def _watch(board: Board) -> tuple[list[float], list[Decision]]:
    """One place becomes free after another; each frees a decision."""
    rng, took, decided = random.Random(11), [], []
    seats = list(board.seats())
    for step in range(_DECISIONS):
        free: Seat = rng.choice(seats)
        fact = Seated(msgspec.structs.replace(free, live=free.live - 1))
        began = time.perf_counter()
        board.apply(fact)
        made = board.decide(NOW + timedelta(milliseconds=100 * step))
        took.append(time.perf_counter() - began)
        decided += made
        seats[seats.index(free)] = fact.seat
    assert len(decided) > _DECISIONS * 0.9, f"only {len(decided)} decisions"
    return sorted(took), decided


def _scan(board: Board, decision: Decision) -> float:
    began = time.perf_counter()
    wanted = decision.work
    able = [s for s in board.seats() if s.online and wanted.skills <= s.skills and wanted.team_id in s.teams]
    min(able, key=lambda s: (-s.live_cap + s.live, s.idle_since, s.agent_id), default=None)
    return time.perf_counter() - began
