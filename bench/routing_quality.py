"""`routing_quality` and `simulate_day`: the same day under our board, round robin, and who has least open."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime

import msgspec

from bench.house import load_average
from bench.report import figure
from yizhan.desk.simulation import (
    BoardDealer,
    Day,
    Dealer,
    LeastOpen,
    Outcome,
    RoundRobin,
    busy_day,
    measure,
    simulate,
)

TICKETS = int(os.environ.get("YIZHAN_BENCH_DAY", "100000"))
_START = datetime(2026, 11, 11, tzinfo=UTC)
_URGENT = 4


def run() -> None:
    day = busy_day(_START, count=TICKETS, people=TICKETS * 114 // 20_000)
    began = time.perf_counter()
    ours = _live(day, BoardDealer(day))
    took = time.perf_counter() - began
    began = time.perf_counter()
    in_turn = _live(day, RoundRobin(day))
    limit = time.perf_counter() - began
    least = _live(day, LeastOpen(day))
    figure("simulate_day", took, "s", goal="< 60", limit=limit, ratio=took / limit, detail={
        "tickets": TICKETS, "people": len(day.people), "times_real": round(86_400 / took),
        "load_average": load_average(),
        "limit_is": "the same day under round robin, which looks at neither skill nor priority",
    })  # fmt: skip
    rival = min(in_turn.by_priority[_URGENT].p95, least.by_priority[_URGENT].p95)
    value = ours.by_priority[_URGENT].p95
    figure("routing_quality", value, "s", goal="urgent p95 <= half of either, match >= 0.99", limit=rival,
           ratio=value / rival if rival else None, detail={
        "ours": msgspec.to_builtins(ours), "round_robin": msgspec.to_builtins(in_turn),
        "least_open": msgspec.to_builtins(least), "limit_is": "the better of the two others, in the same run",
    })  # fmt: skip


def _live(day: Day, dealer: Dealer) -> Outcome:
    return measure(day, simulate(day, dealer))
