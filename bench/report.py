"""How a figure is printed."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence


def figure(
    name: str, value: float, unit: str, *, goal: str, limit: float | None, ratio: float | None,
    detail: dict[str, object],
) -> None:  # fmt: skip
    """`limit` is the raw bound or the comparison measured in the same run, `ratio` the value's share of it."""
    line = {"figure": name, "value": _short(value), "unit": unit, "goal": goal, "limit": _short(limit),
            "ratio": _short(ratio), "detail": detail}  # fmt: skip
    print(json.dumps(line, ensure_ascii=False), flush=True)


def percentile(sorted_values: Sequence[float], share: float) -> float:
    """By nearest rank; the values are sorted."""
    return sorted_values[min(len(sorted_values) - 1, max(0, math.ceil(share * len(sorted_values)) - 1))]


def millis(values: Sequence[float]) -> dict[str, object]:
    ordered = sorted(values)
    return {"p50_ms": round(percentile(ordered, 0.5) * 1000, 1), "p99_ms": round(percentile(ordered, 0.99) * 1000, 1)}


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")
