"""Why this policy and why this time, in words: what an agent reads under a countdown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

import msgspec

from yizhan.desk.sla.documents import SlaPolicy
from yizhan.desk.sla.library import Versions
from yizhan.desk.sla.model import State, Target, TargetKind
from yizhan.desk.sla.timing import Stretch, Timepiece
from yizhan.foundation.calendar import CalendarDocument
from yizhan.foundation.conditions import describe
from yizhan.foundation.db import Tx
from yizhan.records.config import SERVICE_HOURS

_KINDS = {
    "zh": {
        TargetKind.FIRST_RESPONSE: "首次响应", TargetKind.NEXT_RESPONSE: "后续响应", TargetKind.RESOLUTION: "解决",
    },
    "en": {
        TargetKind.FIRST_RESPONSE: "first response", TargetKind.NEXT_RESPONSE: "next response",
        TargetKind.RESOLUTION: "resolution",
    },
}  # fmt: skip
_PRIORITIES = {"zh": ("", "低", "中", "高", "紧急"), "en": ("", "low", "medium", "high", "urgent")}
_MOST_STRETCHES = 200


class Words(msgspec.Struct, frozen=True):
    zh: str
    en: str


class Explained(msgspec.Struct, frozen=True):
    """`counted` are the stretches whose time was or will be used, until the end, the pause or the due time."""

    target: Target
    title: Words
    calendar: Words | None
    tz: str | None
    counted: list[Stretch]
    left_s: int | None
    why: Words
    when: Words


async def explain(tx: Tx, targets: Sequence[Target], versions: Versions, *, now: datetime) -> list[Explained]:
    found = []
    for target in targets:
        policy = await versions.policy(tx, target.policy, target.policy_version)
        calendar = await versions.calendar(tx, *target.time) if target.time is not None else None
        clock = await versions.clock(tx, target)
        until = target.met_at or target.cancelled_at or target.paused_at or target.due_at or now
        found.append(Explained(
            target, Words(policy.name.zh, policy.name.en), _calendar(target, calendar),
            calendar.tz if calendar else None,
            clock.counted(target.started_at, target.pauses, until)[:_MOST_STRETCHES], _left(target, clock, now),
            Words(_why(target, policy, "zh"), _why(target, policy, "en")),
            Words(_when_zh(target, calendar), _when_en(target, calendar)),
        ))  # fmt: skip
    return found


def _left(target: Target, clock: Timepiece, now: datetime) -> int | None:
    """Seconds of the target's own clock that are left; none once it ended."""
    if not target.open:
        return None
    until = target.paused_at or max(now, target.started_at)
    return max(0, target.allowed_s - clock.spent(target.started_at, target.pauses, until))


def _why(target: Target, policy: SlaPolicy, locale: str) -> str:
    told = describe(policy.condition, locale)
    priority = _PRIORITIES[locale][target.priority]
    if locale == "zh":
        version = f"第 {target.policy_version} 版" if target.policy_version else "内置"
        return f"时效策略「{policy.name.zh}」({version}):条件 {told};优先级 {priority}"
    version = f"version {target.policy_version}" if target.policy_version else "built in"
    return f"Policy {policy.name.en} ({version}): when {told}; priority {priority}"


def _calendar(target: Target, calendar: CalendarDocument | None) -> Words | None:
    if calendar is None or target.calendar is None:
        return None
    return Words(calendar.name.get("zh") or target.calendar, calendar.name.get("en") or target.calendar)


def _when_zh(target: Target, calendar: CalendarDocument | None) -> str:
    zone = _zone(calendar)
    name = _calendar(target, calendar)
    counted = f"按日历「{name.zh}」的工作时间" if name else "全天计时"
    parts = [f"{_KINDS['zh'][target.kind]} {_span(target.allowed_s, 'zh')},{counted}"]
    parts.append(f"{_zh(target.started_at, zone)} 起算")
    if target.pauses:
        parts.append(f"等待客户挂起 {len(target.pauses)} 次共 {_span(_paused(target), 'zh')}")
    if target.paused_at is not None and target.state is State.PAUSED:
        parts.append(f"{_zh(target.paused_at, zone)} 起等待客户")
    if target.due_at is not None:
        parts.append(f"{_zh(target.due_at, zone)} 到期")
    return ",".join(parts)


def _when_en(target: Target, calendar: CalendarDocument | None) -> str:
    zone = _zone(calendar)
    name = _calendar(target, calendar)
    counted = f"of the working time of {name.en}" if name else "around the clock"
    parts = [f"{_KINDS['en'][target.kind].capitalize()} within {_span(target.allowed_s, 'en')} {counted}"]
    parts.append(f"counted from {_en(target.started_at, zone)}")
    if target.pauses:
        times = "once" if len(target.pauses) == 1 else f"{len(target.pauses)} times"
        parts.append(f"paused {times} for {_span(_paused(target), 'en')} in all, waiting for the customer")
    if target.paused_at is not None and target.state is State.PAUSED:
        parts.append(f"waiting for the customer since {_en(target.paused_at, zone)}")
    if target.due_at is not None:
        parts.append(f"due {_en(target.due_at, zone)}")
    return ", ".join(parts)


def _paused(target: Target) -> int:
    return int(sum((end - begin for begin, end in target.pauses), timedelta()).total_seconds())


def _zone(calendar: CalendarDocument | None) -> tzinfo:
    return (calendar or SERVICE_HOURS).calendar.zone


def _span(seconds: int, locale: str) -> str:
    hours, minutes = divmod(-(-seconds // 60), 60)
    if locale == "zh":
        return "".join(part for part in (f"{hours} 小时" * bool(hours), f" {minutes} 分钟" * bool(minutes))).strip()
    return " ".join(part for part in (f"{hours} h" * bool(hours), f"{minutes} min" * bool(minutes)) if part) or "0 min"


def _zh(at: datetime, zone: tzinfo) -> str:
    there = at.astimezone(zone)
    return f"{there.month}月{there.day}日 {there:%H:%M}"


def _en(at: datetime, zone: tzinfo) -> str:
    there = at.astimezone(zone)
    return f"{there.day} {there:%B %H:%M}"
