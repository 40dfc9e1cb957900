"""Notices in words for those outside the workbench: what happened, to which ticket, and a link; nothing personal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from yizhan.desk.outlets.documents import Outlet
from yizhan.desk.outlets.model import Dispatch, Item, PostRow
from yizhan.desk.outlets.words import FOR_MACHINES, LABELS, TARGETS, WHY

_SHOWN = 10

_ZH, _EN = 0, 1
_COLON = ("：", ": ")


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


def values_of(dispatch: Dispatch) -> dict[str, str]:
    """What an approved template may say of it, by the usual names of its blanks, the most telling first."""
    first = dispatch.items[0]
    number = f"#{first.ticket_number}" if first.ticket_number is not None and len(dispatch.items) == 1 else ""
    lines = first.lines if len(dispatch.items) == 1 else tuple(item.title for item in dispatch.items)
    said = {"title": dispatch.title, "content": " ".join(lines) or dispatch.title, "ticket": number}
    return {**said, "time": f"{first.raised_at:%H:%M}", "level": dispatch.level}


def item_of(post: PostRow, tongue: int, public_url: str) -> Item:
    return Item(
        id=post.id, why=post.why, level=post.level, title=_title(post, tongue), lines=tuple(_lines(post, tongue)),
        link=link_of(post, public_url), ticket_number=post.ticket_number, raised_at=post.raised_at,
        facts=_open(post),
    )  # fmt: skip


def _open(post: PostRow) -> dict[str, Any]:
    """What may be read outside. A name is one of ours only where a rule is named."""
    hidden = () if post.why == "rule.failed" else ("name",)
    return {
        key: value for key, value in post.facts.items()
        if (key in LABELS or key in FOR_MACHINES) and key not in hidden
    }  # fmt: skip


def link_of(post: PostRow, public_url: str) -> str:
    base = public_url.rstrip("/")
    if post.ticket_id is not None:
        return f"{base}/app/desk/t/{post.ticket_id}"
    return f"{base}/app/monitor" if post.why.startswith("alert.") else f"{base}/app/notices"


def _title(post: PostRow, tongue: int) -> str:
    said = post.facts.get("title")
    if isinstance(said, Mapping):
        return f"{_why(post.why)[tongue]}{_COLON[tongue]}{said.get('en' if tongue == _EN else 'zh', '')}"
    target = TARGETS.get(str(post.facts.get("target")))
    return f"{_why(post.why)[tongue]} · {target[tongue]}" if target else _why(post.why)[tongue]


def _why(why: str) -> tuple[str, str]:
    if why.startswith("sla.+"):
        return WHY["sla.later"]
    return WHY.get(why) or WHY.get(why.partition(".")[0]) or ("通知", "Notice")


def _lines(post: PostRow, tongue: int) -> list[str]:
    lines = []
    if post.ticket_number is not None:
        handler = (
            (f"处理人 {post.agent_name}", f"with {post.agent_name}") if post.agent_name else ("未分配", "unassigned")
        )
        number = f"工单 #{post.ticket_number}" if tongue == _ZH else f"Ticket #{post.ticket_number}"
        lines.append(" · ".join(each for each in (number, post.team_name, handler[tongue]) if each))
    facts = _open(post)
    lines += [
        f"{label[tongue]}{_COLON[tongue]}{_value(key, facts[key], tongue)}"
        for key, label in LABELS.items()
        if isinstance(facts.get(key), str | int | float | Mapping) and facts.get(key) != ""
    ]
    return lines


def _value(key: str, value: Any, tongue: int) -> str:
    if isinstance(value, Mapping):
        return str(value.get("en" if tongue == _EN else "zh", ""))
    if key == "lasted":
        return str(timedelta(seconds=int(value)))
    return f"{value:g}" if isinstance(value, float) else str(value)
