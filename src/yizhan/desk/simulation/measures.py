"""What a day was like: waits by priority, promises broken, how evenly the load lay, how often the skill was there."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from yizhan.desk.simulation.day import Day
from yizhan.desk.simulation.run import HORIZON, Served


class Waits(msgspec.Struct, frozen=True):
    """Seconds; `late` of `count` were answered after their promise, or not at all."""

    count: int
    p50: float
    p95: float
    late: int


class Outcome(msgspec.Struct, frozen=True):
    """`by_priority` from 1 low to 4 urgent; `gini` of the work per hour on duty, 0 is even; `matched` 0 to 1."""

    served: int
    unserved: int
    by_priority: dict[int, Waits]
    gini: float
    matched: float


def measure(day: Day, served: Sequence[Served]) -> Outcome:
    """What lay on the desks when the day began is work, and waited for nobody."""
    waits: dict[int, list[float]] = defaultdict(list)
    late: Counter[int] = Counter()
    carried: Counter[object] = Counter()
    asked = [each for each in served if each.arrival.holder is None]
    for each in served:
        if each.agent_id is not None:
            carried[each.agent_id] += each.arrival.serve_s
    for each in asked:
        waits[each.arrival.priority].append(waited_s(day, each))
        late[each.arrival.priority] += each.waited is None or each.waited > each.arrival.due_s
    done = [each for each in asked if each.agent_id is not None]
    loads = [carried[p.seat.agent_id] / p.seconds for p in day.people if p.seconds]
    return Outcome(
        len(done), len(asked) - len(done),
        {p: Waits(len(w), share(sorted(w), 0.5), share(sorted(w), 0.95), late[p]) for p, w in sorted(waits.items())},
        round(gini(loads), 4), round(sum(each.matched for each in done) / max(1, len(done)), 4),
    )  # fmt: skip


def waited_s(day: Day, served: Served) -> float:
    """Until somebody had it, until the customer left, or until the day was over."""
    if served.waited is not None:
        return served.waited
    if served.left and served.arrival.patience_s is not None:
        return served.arrival.patience_s
    return (day.start + HORIZON - served.arrival.at).total_seconds()


def gini(loads: Iterable[float]) -> float:
    """0 where all carry the same, towards 1 where one carries everything."""
    ordered = sorted(loads)
    total = sum(ordered)
    if not total:
        return 0.0
    ranked = sum(rank * load for rank, load in enumerate(ordered, 1))
    return 2 * ranked / (len(ordered) * total) - (len(ordered) + 1) / len(ordered)


def compare(before: Outcome, after: Outcome) -> list[tuple[str, float, float]]:
    """(what, before, after), for a table."""
    rows: list[tuple[str, float, float]] = []
    for priority in sorted(before.by_priority.keys() | after.by_priority.keys(), reverse=True):
        was, now = before.by_priority.get(priority), after.by_priority.get(priority)
        if was and now:
            rows += [(f"p50.{priority}", was.p50, now.p50), (f"p95.{priority}", was.p95, now.p95),
                     (f"late.{priority}", was.late, now.late)]  # fmt: skip
    return [*rows, ("gini", before.gini, after.gini), ("matched", before.matched, after.matched),
            ("unserved", before.unserved, after.unserved)]  # fmt: skip


def share(ordered: Sequence[float], share: float) -> float:
    found = ordered[min(len(ordered) - 1, max(0, math.ceil(share * len(ordered)) - 1))]
    return round(found, 1)
