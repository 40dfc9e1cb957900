"""How far the demo's parcels have come: the same every time somebody looks, and further by the hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from yizhan.records.orders import ParcelEvent, ParcelState

CARRIERS = ("顺丰速运", "京东物流", "中通快递")
_HUB = "杭州"


class _Step(NamedTuple):
    hours: float
    state: ParcelState
    at_home: bool
    text: str


_S = ParcelState
_STEPS = (
    _Step(5, _S.COLLECTED, False, "快递员已揽收"),
    _Step(9, _S.IN_TRANSIT, False, "已离开杭州余杭集散中心,发往{city}"),
    _Step(30, _S.IN_TRANSIT, True, "已到达{city}转运中心"),
    _Step(52, _S.OUT_FOR_DELIVERY, True, "派送中,快递员小周 1990000{mobile:04}"),
    _Step(58, _S.DELIVERED, True, "已签收,签收人:本人"),
)


def track(
    chance: Random, city: str, placed: datetime, now: datetime, last: ParcelState
) -> tuple[ParcelState, Sequence[ParcelEvent]]:
    """Nothing later than now, and no further than `last`: some wait at a hub for days, and their buyers ask."""
    reached = max(at for at, step in enumerate(_STEPS) if step.state is last)
    mobile, late = chance.randrange(10_000), chance.random()
    done = [
        (step, placed + timedelta(hours=step.hours + late * step.hours / 20))
        for step in _STEPS[: reached + 1]
    ]  # fmt: skip
    events = [
        ParcelEvent(at, step.text.format(city=city, mobile=mobile), city if step.at_home else _HUB)
        for step, at in done if at <= now
    ]  # fmt: skip
    return _STEPS[len(events) - 1].state if events else _S.PENDING, events
