"""When what is due, and what is said then. Pure (floor rules 1.3, 2.2, 2.8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from yizhan.desk.clocks.model import ClockRules, Pending, Stage
from yizhan.records import tickets
from yizhan.records.config import is_within
from yizhan.records.conversations import Conversation, Phase
from yizhan.records.tickets import Action, Line

_TEXTS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "still_there": "请问还在吗?",
        "queue_busy": "客服都在接待中,正在为您安排,请稍候。",
        "queue_choice": "抱歉让您久等了。您可以继续等待,也可以留言,我们会尽快回复您。",
        "farewell": "由于您有一段时间没有回复,本次会话先结束了。需要时随时联系我们,之前的内容都在。",
    },
    "en": {
        "still_there": "Are you still there?",
        "queue_busy": "Everybody is busy just now; somebody will be with you shortly.",
        "queue_choice": "Sorry for the wait. You can go on waiting, or leave a message and we will get back to you.",
        "farewell": "As we have not heard from you for a while, this conversation ends here. "
        "Write to us at any time, nothing is lost.",
    },
}


def family(channel: str) -> str:
    """A channel's relatives count as it does, until a document names them: `wechat` speaks for `wechat_kf`."""
    return channel.partition("_")[0]


def span_of(spans: Mapping[str, timedelta], channel: str) -> timedelta:
    return next(spans[name] for name in (channel, family(channel), "default") if name in spans)


def stage_after(stage: Stage, rules: ClockRules, channel: str) -> tuple[Stage, timedelta] | None:
    """The next step of a silence, counted from our last word."""
    if stage is Stage.PROMPT:
        return Stage.SLEEP, rules.sleep_after
    if stage is Stage.SLEEP:
        return Stage.END, span_of(rules.end_after, channel)
    return None


def still_silent(c: Conversation, spoke: datetime) -> bool:
    """Nobody has said anything that counts since: later words of ours set their own clock."""
    return c.live and c.phase is Phase.SERVED and c.waiting_since is None and c.last_outbound_at == spoke


def prompts(c: Conversation, rules: ClockRules) -> bool:
    """Asked only who was spoken to last; 好的谢谢 was an answer."""
    if rules.unprompted & {c.channel, family(c.channel)} or c.last_outbound_at is None:
        return False
    return c.last_inbound_at is None or c.last_inbound_at <= c.last_outbound_at


def confirm_due(p: Pending, rules: ClockRules) -> datetime | None:
    if is_within(p.type, rules.never_confirmed):
        return None
    return p.pending_since + span_of(rules.confirm_after, p.channel)


def answer_to_rating(stars: int | None, solved: bool | None) -> Action | None:
    """What a rating does to a ticket 待客户确认: 已解决 or four stars agree, 未解决 brings it back."""
    if solved is False:
        return Action.RETURN_TO_QUEUE
    if solved or (stars is not None and stars >= 4):
        return Action.CONFIRM
    return None


def rating_line(stars: int | None, solved: bool | None) -> Line:
    """The note of what a rating did: its verdict, its stars, or both."""
    verdict = {True: "solved", False: "unsolved", None: None}[solved]
    if verdict is None:
        return tickets.line("rated_stars", stars=stars)
    return tickets.line("rated_both", verdict=verdict, stars=stars) if stars else tickets.line("rated", verdict=verdict)


def line(code: str, locale: str | None) -> str:
    return _TEXTS["en" if locale and locale.lower().startswith("en") else "zh"][code]


def hours(span: timedelta) -> int:
    return round(span.total_seconds() / 3600)


def codes() -> frozenset[str]:
    """Of the lines that a conversation is sent; who reads over the agent's shoulder has his own words for them."""
    return frozenset(_TEXTS["zh"])
