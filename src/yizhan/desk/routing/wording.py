"""The words of routing, made at the edge: decisions are kept as ids and enums."""

from __future__ import annotations

from collections.abc import Mapping

from yizhan.desk.routing.answers import Candidate, WaitsFor, Why
from yizhan.desk.routing.model import Excluded, Explanation, Reach, Reason
from yizhan.records.tickets import Line

MOVES: Mapping[Reason, str] = {
    Reason.ROOM: "智能分配给 {agent}({facts}),等待 {waited}",
    Reason.STICKY: "智能分配给 {agent}({facts}),等待 {waited}",
    Reason.TOPIC: "同一事项,回到 {agent}({facts}),等待 {waited}",
    Reason.OVERFLOW: "溢出支援:分配给 {agent}({facts}),等待 {waited}",
    Reason.RETURNING: "回到 {agent}({facts})",
    Reason.ADOPTED: "由 {agent} 继续处理({facts})",
    Reason.PULLED: "{agent} 领取({facts}),等待 {waited}",
    Reason.TRANSFERRED: "转接给 {agent}({facts})",
    Reason.ASSIGNED: "转派给 {agent}({facts})",
    Reason.CONSULTED: "{agent} 加入会诊({facts})",
}
"""Of a processing note; the workbench has its own words for each in its reader's language."""
WHY_HIM = {"knows": "熟悉此事", "again": "曾退回,暂无他人可接", "without": "等待较久,技能已放宽"}
CARRIES = {"live": "接待", "async": "处理"}
_EXCLUDED: Mapping[str, Mapping[Excluded, str]] = {
    "zh-CN": {
        Excluded.PRESENCE: "不在线",
        Excluded.LOST: "连接中断",
        Excluded.TEAM: "不在该客服组",
        Excluded.SKILL: "缺少所需技能",
        Excluded.RATED: "是被评客服,差评由他人回访",
        Excluded.RETURNED: "刚退回,先请他人接",
        Excluded.FULL: "接待已满",
        Excluded.DUTY: "不在班",
        Excluded.LEAVING: "预下班,不接新会话",
        Excluded.ARRIVING: "刚上线,工单先少接",
        Excluded.KEPT: "余量留给更早的工单",
    },
    "en": {
        Excluded.PRESENCE: "not online",
        Excluded.LOST: "connection lost",
        Excluded.TEAM: "not in the team",
        Excluded.SKILL: "lacks a skill",
        Excluded.RATED: "was rated: somebody else follows it up",
        Excluded.RETURNED: "has just given it back, others come first",
        Excluded.FULL: "at the limit",
        Excluded.DUTY: "not on duty",
        Excluded.LEAVING: "the shift is about to end",
        Excluded.ARRIVING: "has just come in: tickets are dealt out slowly",
        Excluded.KEPT: "its room is kept for heavier work that comes first",
    },
}
_STATES: Mapping[str, Mapping[str, str]] = {
    "zh-CN": {
        "online": "在线", "busy": "忙碌", "break": "小休", "call": "通话中", "wrapup": "话后整理", "offline": "离线",
    },
    "en": {
        "online": "online", "busy": "busy", "break": "on a break", "call": "on a call", "wrapup": "wrapping up",
        "offline": "offline",
    },
}  # fmt: skip
_WAITS: Mapping[str, Mapping[WaitsFor, str]] = {
    "zh-CN": {
        WaitsFor.NOTHING: "无需等待",
        WaitsFor.TRIAGE: "正在识别问题类型",
        WaitsFor.TURN: "有客服可接,即将分配",
        WaitsFor.ROOM: "{able} 人可接,都已接满",
        WaitsFor.PERSON: "{able} 人可接,都不在线",
        WaitsFor.SKILL: "没有客服具备所需技能或属于该客服组",
        WaitsFor.PULL: "等待客服领取",
        WaitsFor.LIVE: "客户正在会话中,随会话分配",
    },
    "en": {
        WaitsFor.NOTHING: "waits for nothing",
        WaitsFor.TRIAGE: "being classified",
        WaitsFor.TURN: "somebody is free, it comes next",
        WaitsFor.ROOM: "{able} could take it, all of them full",
        WaitsFor.PERSON: "{able} could take it, none of them online",
        WaitsFor.SKILL: "nobody has the skill or belongs to the team",
        WaitsFor.PULL: "waits to be pulled",
        WaitsFor.LIVE: "the customer is in a live conversation",
    },
}
_REACHES: Mapping[str, Mapping[Reach, str]] = {
    "zh-CN": {
        Reach.HOUSE: "本组无人可接,已在所有客服组寻找具备技能的客服",
        Reach.SHOULD: "等待较久,技能已放宽,优先具备技能的客服",
    },
    "en": {
        Reach.HOUSE: "nobody in the team can: every team is asked for the skill",
        Reach.SHOULD: "it waited long: who has the skill comes first, others may take it",
    },
}
_WIDER = {"zh-CN": "{time} 后扩大寻找范围", "en": "looked for further in {time}"}
_MOST_NAMED = 4
_NEAR = (None, Excluded.FULL, Excluded.ARRIVING, Excluded.KEPT, Excluded.LEAVING, Excluded.PRESENCE, Excluded.LOST)


def move(told: Explanation, agent: str, *, live: bool, team: str = "") -> Line:
    """处理记录 of 待分配 → 处理中, such as 智能分配给 林一(售后,接待 2/5),等待 00:18."""
    load, why = "live" if live else "async", _why_him(told)
    facts = [team, f"{CARRIES[load]} {told.carried}/{told.cap}", WHY_HIM.get(why, "")]
    words = MOVES[told.reason].format(agent=agent, facts=",".join(f for f in facts if f), waited=clock(told.waited))
    parts = {"agent": agent, "team": team, "load": load, "carried": str(told.carried), "cap": str(told.cap)}
    return Line(words, f"routed_{told.reason}", {**parts, "him": why, "waited": clock(told.waited)})


def _why_him(told: Explanation) -> str:
    """What is remarkable about the choice; by hand it is the choice of a person."""
    chosen = told.judged[0] if told.judged else None
    if chosen is not None and chosen.returned:
        return "again"
    if chosen is not None and chosen.lacks:
        return "without"
    return "knows" if told.reason is Reason.STICKY else ""


def clock(seconds: int) -> str:
    """00:18, 1:02:03."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def excluded(reason: Excluded, locale: str = "zh-CN") -> str:
    return _EXCLUDED[locale if locale in _EXCLUDED else "en"][reason]


def waiting_for(why: Why, locale: str = "zh-CN") -> str:
    """为什么在等: what it waits for and the nearest people, such as 2 人可接,都已接满:苏瑾 5/5,高远 小休 06:03."""
    known = locale if locale in _WAITS else "en"
    able = [c for c in why.candidates if c.excluded in _NEAR]
    text = _WAITS[known][why.waits_for].format(able=len(able))
    further = _further(why, known)
    if why.waits_for not in (WaitsFor.ROOM, WaitsFor.PERSON):
        return text + further
    near = [_near(c, known) for c in able if c.state != "offline"][:_MOST_NAMED]
    colon, comma = (":", ",") if known == "zh-CN" else (": ", ", ")
    return text + (colon + comma.join(near) if near else "") + further


def transferring(team: str, agent: str, locale: str | None) -> tuple[str, dict[str, str]]:
    """The one line the customer reads, in his language, and its parts for the agent's."""
    parts = {"code": "transferred", "team": team, "agent": agent}
    if locale and locale.lower().startswith("en"):
        who = f"{agent} of {team}" if team else agent
        return f"Transferring you to {who}: your question is known there, you need not repeat it", parts
    return f"正在为您转接{team or '客服'}专员{agent},您的问题已同步,无需重复", parts


def _further(why: Why, locale: str) -> str:
    """How far somebody is looked for, and when it goes further by itself."""
    wider = _WIDER[locale].format(time=clock(why.wider_in)) if why.wider_in is not None else ""
    told = [part for part in (_REACHES[locale].get(why.reach, ""), wider) if part]
    mark = ";" if locale == "zh-CN" else "; "
    return "".join(mark + part for part in told)


def _near(c: Candidate, locale: str) -> str:
    if c.excluded is Excluded.LEAVING:
        return f"{c.name} {_EXCLUDED[locale][Excluded.LEAVING]}"
    if c.excluded is Excluded.PRESENCE:
        return f"{c.name} {_STATES[locale].get(c.state, c.state)} {clock(c.state_s)}"
    return f"{c.name} {c.carried}/{c.cap}"
