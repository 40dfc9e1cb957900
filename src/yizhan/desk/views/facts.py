"""What conditions may ask about a ticket: the one vocabulary of SLA, priority, routing, alerts and forms."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from yizhan.desk.views.store import SQL
from yizhan.foundation.conditions import Field, FieldSet, FieldType
from yizhan.foundation.db import Record, Tx
from yizhan.records.config import SHIPPED_TREE, path_of
from yizhan.records.tickets import WaitingReason

_WORD = re.compile(r"[A-Za-z]{2,}")

WAITING_REASONS = tuple(WaitingReason)
STATUSES = ("new", "open", "pending", "done", "cancelled")

OWN = "field."
"""Before the key of a ticket's own field: `field.refund_amount`."""
GRADES = ("ordinary", "major", "crisis")
_OF_PERSON = ("known_days", "other_tickets", "open_tickets", "last_stars")

WORK_FIELDS = FieldSet([
    Field("type", FieldType.TEXT, "工单类型", "ticket type", choices=tuple(SHIPPED_TREE.nodes)),
    Field("types", FieldType.LIST, "工单类型(含下级)", "ticket type or one above", choices=tuple(SHIPPED_TREE.nodes)),
    Field("priority", FieldType.NUMBER, "优先级", "priority", choices=("1", "2", "3", "4"), closed=True),
    Field("status", FieldType.TEXT, "工单状态", "ticket status", choices=STATUSES, closed=True),
    Field("brand", FieldType.TEXT, "业务线", "brand"),
    Field("channel", FieldType.TEXT, "渠道", "channel"),
    Field("inbox", FieldType.TEXT, "接入点", "inbox"),
    Field("team", FieldType.TEXT, "客服组", "team"),
    Field("level", FieldType.NUMBER, "会员等级", "membership level", least=0),
    Field("segment", FieldType.LIST, "客户分层", "customer segment", document="segment"),
    Field("tags", FieldType.LIST, "标签", "tags"),
    Field("order_no", FieldType.TEXT, "订单号", "order number"),
    Field("subject", FieldType.TEXT, "工单标题", "subject"),
    Field("text", FieldType.TEXT, "客户的话", "customer's words"),
    Field("language", FieldType.TEXT, "语言", "language", choices=("zh", "en")),
    Field("created_at", FieldType.TIME, "创建时间", "created at"),
    Field("created_minutes", FieldType.NUMBER, "创建至今(分钟)", "minutes since created", least=0),
    Field("waiting_since", FieldType.TIME, "开始等待时间", "waiting since"),
    Field("waiting_minutes", FieldType.NUMBER, "已等待(分钟)", "minutes waited", least=0),
    Field("working_hours", FieldType.BOOL, "在工作时间内", "within working hours"),
    Field("repeats", FieldType.NUMBER, "重复进线次数", "repeated contacts", least=0),
    Field("agent", FieldType.ID, "处理人", "handler"),
    Field("owner", FieldType.ID, "责任人", "owner"),
    Field("waiting_reason", FieldType.TEXT, "等待原因", "waiting reason", choices=WAITING_REASONS, closed=True),
    Field("next_follow_up", FieldType.TIME, "下次跟进", "next follow-up"),
    Field("chases", FieldType.NUMBER, "催单次数", "chases", least=0),
    Field("complaint_grade", FieldType.TEXT, "投诉等级", "complaint grade", choices=GRADES, closed=True),
    Field("known_days", FieldType.NUMBER, "建档天数", "days the customer is known", least=0),
    Field("other_tickets", FieldType.NUMBER, "客户的其他工单数", "other tickets of the customer", least=0),
    Field("open_tickets", FieldType.NUMBER, "客户未完成的其他工单数", "other open tickets of the customer", least=0),
    Field("last_stars", FieldType.NUMBER, "最近一次评分", "last rating in stars"),
], loose=OWN)  # fmt: skip
"""Brands, inboxes and teams are named by their keys, so that a document means the same in another house.

Own fields of tickets are asked by their keys; which there are is for the release to say (`desk/forms`).
"""

WorkFacts = Mapping[str, object]


async def work_facts(
    tx: Tx, ticket_ids: Sequence[UUID], *, now: datetime, working: bool | None = None,
    fields: frozenset[str] | None = None,
) -> dict[UUID, WorkFacts]:  # fmt: skip
    """Facts of these tickets as `compile_closure` takes them, with two statements however many there are.

    `working` says whether the calendar that counts is open now. Where `fields` are named and the customer's words are
    not among them, these are not read; nor is what is known of the customer, his segments, or a complaint.
    """
    if not ticket_ids:
        return {}
    ids = list(dict.fromkeys(ticket_ids))
    words: dict[UUID, str] = {}
    if fields is None or "text" in fields:
        words = {row["id"]: row["words"] for row in await tx.fetch(SQL.words_of_tickets, ids)}
    graded = fields is None or "complaint_grade" in fields
    person = fields is None or not fields.isdisjoint(_OF_PERSON)
    placed = fields is None or "segment" in fields
    rows = await tx.fetch(SQL.work_facts, ids, graded, person, now, placed)
    return {row["id"]: _facts(row, words.get(row["id"], ""), now, working) for row in rows}


def type_facts(key: str) -> WorkFacts:
    """What is known of a type by its key."""
    return {"type": key, "types": path_of(key)}


def _facts(row: Record, text: str, now: datetime, working: bool | None) -> WorkFacts:
    facts: dict[str, object] = {key: value for key, value in row.items() if key not in ("locale", "fields")}
    facts |= {OWN + key: "set" if isinstance(value, dict) else value for key, value in row["fields"].items()}
    facts |= {
        **type_facts(row["type"]),
        "text": text,
        "language": language_of(row["locale"], f"{row['subject']} {text}"),
        "created_minutes": _minutes(row["created_at"], now),
        "waiting_minutes": _minutes(row["waiting_since"], now),
        "working_hours": working,
        "now": now,
    }
    return facts


def language_of(locale: str | None, words: str) -> str:
    """As the customer's device says it, else by his writing: a number or one word, such as ok, is said anywhere."""
    if locale:
        return locale.replace("_", "-").partition("-")[0].lower()
    found = _WORD.findall(words)
    foreign = (len(found) > 1 or len("".join(found)) > 3) and not any(
        "\u4e00" <= character <= "\u9fff" for character in words
    )
    return "en" if foreign else "zh"


def _minutes(since: datetime | None, now: datetime) -> float | None:
    return max(0.0, (now - since).total_seconds() / 60) if since is not None else None
