"""Overflow 溢出: from which length of queue and which wait on other teams help out, and when that ends. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.desk.routing.model import Chain, Spill, Step, Work


def drawn_on(chain: Chain, steps: int, length: int, first: datetime | None, now: datetime) -> int:
    """How many of its steps are drawn on now. What began stays until the queue is short again: no to and fro."""
    wait = now - first if first is not None else timedelta(0)
    reached = max((n for n, step in enumerate(chain.steps, 1) if _is_reached(step, length, wait)), default=0)
    if reached >= steps:
        return reached
    calm = length <= chain.back_length and (length == 0 or wait <= chain.back_wait or chain.back_wait == timedelta(0))
    return reached if calm else steps


def spill(chain: Chain, steps: int, length: int, first: datetime | None, now: datetime) -> Spill:
    waited = max(0, int((now - first).total_seconds())) if first is not None else 0
    return msgspec.structs.replace(begun(chain, steps), length=length, waited=waited)


def begun(chain: Chain, steps: int) -> Spill:
    return Spill(chain.team_id, steps, tuple(s.team_id for s in chain.steps[:steps]), 0, 0, chain.most_priority)


def helped(work: Work, spills: Mapping[UUID, Spill]) -> frozenset[UUID]:
    """The teams that may take this work as well: nothing that is too urgent to be moved."""
    running = spills.get(work.team_id) if work.team_id is not None else None
    if running is None or work.priority > running.most_priority:
        return frozenset()
    return frozenset(running.helpers)


def loop(chains: Iterable[Chain]) -> list[UUID]:
    """Teams that overflow into each other in a circle, the first named again at the end; empty when there are none."""
    onward: Mapping[UUID, list[UUID]] = {c.team_id: [s.team_id for s in c.steps] for c in chains}
    over: set[UUID] = set()

    def walk(team: UUID, path: list[UUID]) -> list[UUID]:
        if team in path:
            return [*path[path.index(team) :], team]
        if team in over:
            return []
        for following in onward.get(team, ()):
            found = walk(following, [*path, team])
            if found:
                return found
        over.add(team)
        return []

    return next((found for team in onward if (found := walk(team, []))), [])


def _is_reached(step: Step, length: int, wait: timedelta) -> bool:
    return (step.length is not None and length >= step.length) or (step.wait is not None and wait >= step.wait)
