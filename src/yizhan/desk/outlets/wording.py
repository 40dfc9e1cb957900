"""Notices in words for those outside the workbench: what happened, to which ticket, and a link; nothing personal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from yizhan.desk.outlets.documents import Outlet
from yizhan.desk.outlets.model import Dispatch, Item, PostRow

_SHOWN = 10

_ZH, _EN = 0, 1
_WHY = {
    "sla.warning": ("即将超时", "Due soon"),
    "sla.breach": ("已超时", "Overdue"),
    "sla.later": ("超时后仍未处理", "Still overdue"),
    "ticket.chased": ("客户催单", "The customer chases"),
    "ticket.follow_up_due": ("到了下次跟进时间", "Follow-up is due"),
    "ticket.moved": ("工单有进展", "A ticket moved on"),
    "ticket.assigned": ("工单换了处理人", "A ticket changed hands"),
    "note.mentioned": ("内部备注提到了同事", "Mentioned in an internal note"),
    "alert.raised": ("告警", "Alert"),
    "alert.repeated": ("告警仍在持续", "Alert goes on"),
    "alert.recovered": ("告警已恢复", "Alert over"),
    "rule.failed": ("规则运行失败，已跳过", "A rule failed and was skipped"),
    "inbox.failed": ("接入点连接失败", "Inbox connection failed"),
    "inbox.reached": ("接入点已恢复", "Inbox works again"),
    "test": ("测试通知", "Test notice"),
    "sla": ("时效", "Service level"),
    "ticket": ("工单", "Ticket"),
    "promise": ("承诺", "Promise"),
    "consultation": ("会诊", "Consultation"),
    "complaint": ("投诉", "Complaint"),
    "handover": ("交接班", "Hand-over"),
    "word": ("敏感词", "Sensitive word"),
    "words": ("敏感词", "Sensitive word"),
    "rating": ("满意度", "Satisfaction"),
    "satisfaction": ("满意度", "Satisfaction"),
    "conversation": ("会话", "Conversation"),
}
_TARGETS = {
    "first_response": ("首次响应", "First response"),
    "next_response": ("后续响应", "Next response"),
    "resolution": ("解决", "Resolution"),
}
_LABELS = {
    "rule": ("规则", "Rule"),
    "place": ("范围", "Where"),
    "metric": ("指标", "Metric"),
    "value": ("当前值", "Now"),
    "threshold": ("阈值", "Threshold"),
    "lasted": ("已持续", "Lasted"),
    "count": ("次数", "Times"),
    "name": ("名称", "Name"),
    "error_class": ("原因", "Cause"),
}
_FOR_MACHINES = frozenset({"target", "due_at", "title"})
"""What of a reason's facts is said outside; anything else might hold a customer's words."""


def dispatch_of(outlet: Outlet, posts: Sequence[PostRow], *, id: UUID, at: datetime, public_url: str) -> Dispatch:
    """One notice as itself, several as a digest that names the first ten."""
    tongue = _EN if outlet.language == "en" else _ZH
    items = tuple(item_of(post, tongue, public_url) for post in posts)
    levels = {item.level for item in items}
    level = next((each for each in ("critical", "warning") if each in levels), "info")
    title = items[0].title
    if len(items) > 1:
        title = f"{len(items)} 条通知" if tongue == _ZH else f"{len(items)} notices"
    shown = items if len(items) <= _SHOWN else items[:_SHOWN]
    left = len(items) - len(shown)
    return Dispatch(id=id, at=at, title=title, items=shown, more=left, level=level, language=outlet.language)


def item_of(post: PostRow, tongue: int, public_url: str) -> Item:
    return Item(
        id=post.id, why=post.why, level=post.level, title=_title(post, tongue), lines=tuple(_lines(post, tongue)),
        link=link_of(post, public_url), ticket_number=post.ticket_number, raised_at=post.raised_at,
        facts={key: value for key, value in post.facts.items() if key in _LABELS or key in _FOR_MACHINES},
    )  # fmt: skip


def link_of(post: PostRow, public_url: str) -> str:
    base = public_url.rstrip("/")
    if post.ticket_id is not None:
        return f"{base}/app/desk/t/{post.ticket_id}"
    return f"{base}/app/monitor" if post.why.startswith("alert.") else f"{base}/app/notices"


def _title(post: PostRow, tongue: int) -> str:
    said = post.facts.get("title")
    if isinstance(said, Mapping):
        return f"{_why(post.why)[tongue]}:{said.get('en' if tongue == _EN else 'zh', '')}"
    target = _TARGETS.get(str(post.facts.get("target")))
    return f"{_why(post.why)[tongue]} · {target[tongue]}" if target else _why(post.why)[tongue]


def _why(why: str) -> tuple[str, str]:
    if why.startswith("sla.+"):
        return _WHY["sla.later"]
    return _WHY.get(why) or _WHY.get(why.partition(".")[0]) or ("通知", "Notice")


def _lines(post: PostRow, tongue: int) -> list[str]:
    lines = []
    if post.ticket_number is not None:
        handler = (
            (f"处理人 {post.agent_name}", f"with {post.agent_name}") if post.agent_name else ("未分配", "unassigned")
        )
        number = f"工单 #{post.ticket_number}" if tongue == _ZH else f"Ticket #{post.ticket_number}"
        lines.append(" · ".join(each for each in (number, post.team_name, handler[tongue]) if each))
    lines += [
        f"{label[tongue]}:{_value(key, post.facts[key], tongue)}"
        for key, label in _LABELS.items()
        if isinstance(post.facts.get(key), str | int | float | Mapping) and post.facts.get(key) != ""
    ]
    return lines


def _value(key: str, value: Any, tongue: int) -> str:
    if isinstance(value, Mapping):
        return str(value.get("en" if tongue == _EN else "zh", ""))
    if key == "lasted":
        return str(timedelta(seconds=int(value)))
    return f"{value:g}" if isinstance(value, float) else str(value)
