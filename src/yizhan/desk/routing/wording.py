"""The words of routing, made at the edge: decisions are kept as ids and enums."""

from __future__ import annotations

from collections.abc import Mapping

from yizhan.desk.routing.model import Excluded, Explanation, Reason

_VERBS = {
    Reason.ROOM: "智能分配给",
    Reason.STICKY: "智能分配给",
    Reason.RETURNING: "回到",
    Reason.ADOPTED: "由其处理:",
    Reason.PULLED: "领取:",
    Reason.TRANSFERRED: "转接给",
    Reason.ASSIGNED: "转派给",
}
_EXCLUDED: Mapping[str, Mapping[Excluded, str]] = {
    "zh-CN": {
        Excluded.PRESENCE: "不在线",
        Excluded.LOST: "连接中断",
        Excluded.TEAM: "不在该客服组",
        Excluded.SKILL: "缺少所需技能",
        Excluded.RETURNED: "已退回过",
        Excluded.FULL: "接待已满",
    },
    "en": {
        Excluded.PRESENCE: "not online",
        Excluded.LOST: "connection lost",
        Excluded.TEAM: "not in the team",
        Excluded.SKILL: "lacks a skill",
        Excluded.RETURNED: "gave it back",
        Excluded.FULL: "at the limit",
    },
}
_STICKY = {"zh-CN": "熟悉此事", "en": "knows the matter"}


def note(told: Explanation, agent: str, team: str, *, live: bool, carried: int, cap: int) -> str:
    """处理记录 of 待分配 → 处理中, such as 智能分配给 林一(售后,接待 2/5),等待 00:18."""
    parts = [team, f"{'接待' if live else '处理'} {carried}/{cap}", "熟悉此事" if told.reason is Reason.STICKY else ""]
    return f"{_VERBS[told.reason]} {agent}({','.join(p for p in parts if p)}),等待 {clock(told.waited)}"


def clock(seconds: int) -> str:
    """00:18, 1:02:03."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def excluded(reason: Excluded, locale: str) -> str:
    return _EXCLUDED.get(locale, _EXCLUDED["en"])[reason]


def explanation(told: Explanation, agent: str, locale: str) -> str:
    """Why it went to this agent, in one sentence."""
    knows = f",{_STICKY['zh-CN']}" if told.reason is Reason.STICKY else ""
    if locale == "zh-CN":
        return f"{_VERBS[told.reason]} {agent}(接待 {told.carried}/{told.cap}{knows}),等待 {clock(told.waited)}"
    knows = f", {_STICKY['en']}" if told.reason is Reason.STICKY else ""
    return f"{told.reason}: {agent} ({told.carried}/{told.cap}{knows}) after {clock(told.waited)}"
