"""What counts as good on the monitor, as one document of the house."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta

from yizhan.desk.metrics.catalogue import METRICS
from yizhan.foundation.errors import Invalid
from yizhan.records.config import DEFAULT, Kind, Published


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """From these on a number is amber or red: upwards where high is bad, else downwards. Shares are 0 to 1."""

    amber: float
    red: float


class MonitorDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """`answer_s` is what counts as picked up in time; `tz` says when a day begins."""

    title: Annotated[str, Meta(max_length=80)] = ""
    title_en: Annotated[str, Meta(max_length=80)] = ""
    tz: str = "Asia/Shanghai"
    answer_s: Literal[10, 20, 30, 60, 120, 180, 300, 600] = 20
    targets: dict[Annotated[str, Meta(max_length=40)], Target] = {}


MonitorRules = MonitorDocument

SHIPPED = MonitorDocument(
    title="出厂设置",
    title_en="As shipped",
    targets={
        "queue_length": Target(amber=5, red=10),
        "queue_longest": Target(amber=30, red=60),
        "unanswered": Target(amber=5, red=10),
        "unanswered_longest": Target(amber=30, red=60),
        "sla_warned": Target(amber=1, red=5),
        "sla_breached": Target(amber=1, red=1),
        "unassigned": Target(amber=20, red=50),
        "unassigned_longest": Target(amber=30 * 60, red=2 * 3600),
        "room": Target(amber=3, red=0),
        "answer_rate": Target(amber=0.9, red=0.85),
        "abandon_rate": Target(amber=0.05, red=0.1),
        "miss_rate": Target(amber=0.05, red=0.1),
        "service_level": Target(amber=0.9, red=0.8),
        "handover_wait": Target(amber=20, red=30),
        "first_response": Target(amber=30, red=60),
        "csat": Target(amber=4.5, red=4.0),
        "solved_rate": Target(amber=0.85, red=0.75),
    },
)
"""The defaults of the trade (floor rules 2.1, 2.10): 85 % answered by a person, 30 s to reach one."""


def monitor_rules(published: Published) -> MonitorRules:
    """Targets are laid over one by one: who changes one leaves the others as they are."""
    said = published.all(MONITOR).get(DEFAULT)
    if said is None:
        return SHIPPED
    return msgspec.structs.replace(said, targets={**SHIPPED.targets, **said.targets})


def _check(document: MonitorDocument) -> None:
    try:
        ZoneInfo(document.tz)
    except (ZoneInfoNotFoundError, ValueError):
        raise Invalid(f"there is no time zone {document.tz}", "tz") from None
    for name, target in document.targets.items():
        metric = METRICS.get(name)
        if metric is None or metric.high_is_bad is None:
            raise Invalid(f"{name} is no metric that can be good or bad", f"targets.{name}")
        worse = target.red >= target.amber if metric.high_is_bad else target.red <= target.amber
        if not worse:
            raise Invalid("red is worse than amber, or the same", f"targets.{name}.red")


def _check_together(documents: Mapping[str, MonitorDocument]) -> None:
    for name in documents:
        if name != DEFAULT:
            raise Invalid(f"the house has one such document, named {DEFAULT}", f"monitor/{name}")


MONITOR = Kind(
    "monitor", MonitorDocument, check=_check, check_together=_check_together, title=("实时监控", "Monitoring"),
    default=SHIPPED,
)  # fmt: skip
