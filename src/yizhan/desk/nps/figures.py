"""What answers say, and how sure that is. Pure.

The score is the difference of two shares of one sample, so its interval is that of the difference of correlated
proportions: Tango's score interval (Statistics in Medicine 17 (1998) 891-908), the generalisation of Wilson's, which
Rocks (The American Statistician 70 (2016) 365-372) found to hold its level for NPS where the textbook interval does
not, above all with few answers. Shares have Wilson's own (JASA 22 (1927) 209-212).
"""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

import msgspec

from yizhan.desk.nps.model import HIGH, LOW

Z95 = 1.959963984540054
_STEPS = 60  # of bisection: far below what is shown
FEW = 30
"""With fewer answers a figure is shown as a first impression only."""


class Interval(msgspec.Struct, frozen=True):
    """95 % of such intervals hold the true value."""

    low: float
    high: float


class Share(msgspec.Struct, frozen=True):
    of: int
    all: int
    value: float | None
    interval: Interval | None


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """`score` and its interval from -100 to 100; None without an answer."""

    answers: int
    promoters: int
    passives: int
    detractors: int
    score: float | None
    interval: Interval | None
    few: bool


def standing(counts: Mapping[int, int]) -> Standing:
    """From how often each score from 0 to 10 was given."""
    answers = sum(counts.values())
    promoters = sum(count for score, count in counts.items() if score >= HIGH)
    detractors = sum(count for score, count in counts.items() if score <= LOW)
    found = nps_interval(promoters, detractors, answers)
    return Standing(
        answers=answers, promoters=promoters, detractors=detractors, passives=answers - promoters - detractors,
        score=100 * (promoters - detractors) / answers if answers else None,
        interval=Interval(100 * found.low, 100 * found.high) if found else None, few=answers < FEW,
    )  # fmt: skip


def share(of: int, all: int) -> Share:
    return Share(of, all, of / all if all else None, share_interval(of, all))


def share_interval(of: int, all: int, z: float = Z95) -> Interval | None:
    """Wilson's."""
    if all <= 0:
        return None
    p, wide = of / all, z * z / all
    centre, reach = p + wide / 2, z * sqrt(p * (1 - p) / all + wide / (4 * all))
    return Interval(max(0.0, (centre - reach) / (1 + wide)), min(1.0, (centre + reach) / (1 + wide)))


def nps_interval(promoters: int, detractors: int, answers: int, z: float = Z95) -> Interval | None:
    """Tango's: the differences that a score test would not refuse, from -1 to 1."""
    if answers <= 0:
        return None
    return Interval(-_upper(detractors, promoters, answers, z), _upper(promoters, detractors, answers, z))


def _upper(more: int, fewer: int, answers: int, z: float) -> float:
    low, high = (more - fewer) / answers, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if _refused(more, fewer, answers, middle, z):
            high = middle
        else:
            low = middle
    return low


def _refused(more: int, fewer: int, n: int, difference: float, z: float) -> bool:
    """Whether a true difference this great would make what was seen too unlikely."""
    a, b = 2 * n, -more - fewer + (2 * n - more + fewer) * difference
    c = -fewer * difference * (1 - difference)
    least = (sqrt(max(0.0, b * b - 4 * a * c)) - b) / (2 * a)
    spread = n * (2 * least + difference * (1 - difference))
    return more - fewer - n * difference < -z * sqrt(max(0.0, spread))
