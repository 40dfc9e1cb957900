"""The metrics there are: what each is called, its unit, for which scopes it is told, and which way is bad."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Unit(StrEnum):
    COUNT = "count"
    SECONDS = "seconds"
    SHARE = "share"
    """0 to 1"""
    STARS = "stars"


class Window(StrEnum):
    """Over which time: as things are now, or since midnight. What is told of today has a twin named `…_1h`."""

    NOW = "now"
    TODAY = "today"
    HOUR = "hour"


class Metric(msgspec.Struct, frozen=True):
    """`scopes` besides the whole house; `high_is_bad` is None where neither way is."""

    name: str
    unit: Unit
    window: Window
    zh: str
    en: str
    high_is_bad: bool | None = None
    scopes: tuple[str, ...] = ("team", "channel", "inbox")


_OF_TEAMS = ("team",)
_C, _S, _H, _R = Unit.COUNT, Unit.SECONDS, Unit.SHARE, Unit.STARS

_NOW = [
    Metric("queue_length", _C, Window.NOW, "排队中", "Queueing", True),
    Metric("queue_longest", _S, Window.NOW, "最长等待", "Longest wait", True),
    Metric("unanswered", _C, Window.NOW, "等待客服回复", "Waiting for a reply", True),
    Metric("unanswered_longest", _S, Window.NOW, "最久未回复", "Longest without a reply", True),
    Metric("serving", _C, Window.NOW, "接待中", "In service"),
    Metric("with_bot", _C, Window.NOW, "机器人接待", "With the assistant"),
    Metric("sla_warned", _C, Window.NOW, "即将超时", "Nearly overdue", True, _OF_TEAMS),
    Metric("sla_breached", _C, Window.NOW, "已超时", "Overdue", True, _OF_TEAMS),
    Metric("unassigned", _C, Window.NOW, "待分配工单", "Tickets nobody has", True, _OF_TEAMS),
    Metric("unassigned_longest", _S, Window.NOW, "待分配最长等待", "Longest a ticket is nobody's", True, _OF_TEAMS),
    Metric("room", _C, Window.NOW, "空余接待", "Free room", False, _OF_TEAMS),
    Metric("agents_online", _C, Window.NOW, "在线", "Online", False, _OF_TEAMS),
    Metric("agents_busy", _C, Window.NOW, "忙碌", "Busy", True, _OF_TEAMS),
    Metric("agents_break", _C, Window.NOW, "小休", "On a break", True, _OF_TEAMS),
    Metric("agents_call", _C, Window.NOW, "通话中", "On a call", None, _OF_TEAMS),
    Metric("agents_wrapup", _C, Window.NOW, "话后整理", "Wrapping up", None, _OF_TEAMS),
    Metric("agents_offline", _C, Window.NOW, "离线", "Offline", None, _OF_TEAMS),
]
_FLOWS = [
    ("entered", _C, "进线", "Came in", None),
    ("written", _C, "来信", "Letters", None),
    ("received", _C, "智能助手接待", "Received by the assistant", None),
    ("handed", _C, "智能助手转人工", "Handed on by the assistant", None),
    ("self_served", _C, "智能助手解决", "Solved with the assistant", None),
    ("asked", _C, "转人工", "Asked for a person", None),
    ("picked", _C, "接起", "Picked up", None),
    ("replied", _C, "已人工应答", "Answered by a person", None),
    ("abandoned", _C, "放弃", "Abandoned", True),
    ("missed", _C, "漏接", "Missed", True),
    ("ended", _C, "已结束", "Ended", None),
    ("rated", _C, "评价", "Ratings", None),
    ("delivery_failures", _C, "发送失败", "Failed to send", True),
    ("sla_breaches", _C, "超时次数", "Times overdue", True),
    ("handed_rate", _H, "转人工率", "Handed on by the assistant, share", None),
    ("answer_rate", _H, "人工应答率", "Answered by a person, share", False),
    ("abandon_rate", _H, "放弃率", "Abandoned, share", True),
    ("miss_rate", _H, "漏接率", "Missed, share", True),
    ("service_level", _H, "及时接起率", "Picked up in time", False),
    ("handover_wait", _S, "转人工耗时", "Wait for a person", True),
    ("first_response", _S, "首次响应时长", "First response", True),
    ("csat", _R, "满意度", "Satisfaction", False),
    ("solved_rate", _H, "解决率", "Solved", False),
]

METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        *_NOW,
        *(Metric(name, unit, Window.TODAY, f"今日{zh}", f"{en}, today", bad) for name, unit, zh, en, bad in _FLOWS),
        *(
            Metric(f"{name}_1h", unit, Window.HOUR, f"近 1 小时{zh}", f"{en}, last hour", bad)
            for name, unit, zh, en, bad in _FLOWS
        ),
    )
}
"""By name. A share or a mean is told where there was anything to divide by, and left out elsewhere."""

FLOWS = tuple(name for name, *_ in _FLOWS)
