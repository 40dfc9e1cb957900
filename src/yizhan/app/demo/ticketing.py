"""What the demo shows of tickets: forms that ask, follow-up calls, a call for what is urgent and late, refunds half
filled in, and tags."""

from __future__ import annotations

from datetime import datetime
from random import Random
from uuid import UUID

from yizhan.desk import views
from yizhan.desk.views import TicketFilter
from yizhan.foundation.db import Tx
from yizhan.records import agents, tickets
from yizhan.records.config import Body, Configuration, Pick
from yizhan.records.tickets import By, TicketChange

_BY = "system"
_FILLED = 4
_REFUND: Body = {
    "title": "退款", "title_en": "Refund", "types": ["refund"],
    "rows": [
        {"field": "refund_reason"},
        {"field": "refund_amount", "required": ["done"]},
        {"field": "parcel_no", "when": {"any": [
            {"field": "field.refund_reason", "op": "in", "value": ["quality", "wrong"]},
            {"field": "tags", "op": "in", "value": ["滤芯漏水"]},
        ]}},
    ],
}  # fmt: skip
_CALLS: Body = {
    "title": "完成后回访", "title_en": "Calls after completion",
    "rules": [
        {"key": "complaint", "types": ["complaint"], "days": 7},
        {"key": "aftersale", "types": ["aftersale.repair", "aftersale.install"], "days": 14},
    ],
}  # fmt: skip
_URGENT: Body = {
    "name": {"zh": "紧急工单:超时即呼叫", "en": "Urgent tickets: called when late"}, "order": 10, "calendar": "default",
    "when": {"field": "priority", "op": "eq", "value": 4},
    "targets": {"any": {
        "first_response": {"minutes": 10}, "next_response": {"minutes": 15}, "resolution": {"minutes": 240},
    }},
    "escalation": [
        {"at": "warning", "do": "notify", "to": ["handler", "owner"]},
        {"at": "breach", "do": "call", "to": ["lead"], "targets": ["first_response"], "again_min": 3},
        {"at": "breach", "do": "notify", "to": ["handler", "lead"]},
        {"at": "+10", "do": "call", "to": ["role:supervisor"], "targets": ["first_response"], "again_min": 5},
    ],
}  # fmt: skip

_TAGS = {"退款待核": "amber", "大促": "violet", "滤芯漏水": "red", "已安抚": "green", "老客户": "blue", "疑似重复": ""}
_TAGGED = 60


async def rule(tx: Tx, configuration: Configuration, now: datetime) -> None:
    picks = []
    for kind, name, body in (
        ("ticket_form", "refund", _REFUND), ("callbacks", "default", _CALLS), ("sla_policy", "urgent", _URGENT)
    ):  # fmt: skip
        saved = await configuration.save(tx, kind, name, body, by=_BY, now=now)
        picks.append(Pick(kind, name, saved.version))
    await configuration.release(tx, picks, by=_BY, now=now, note="工单表单、回访与紧急时效")


async def fill(tx: Tx, supervisor: UUID, chance: Random, now: datetime) -> None:
    """Some of the open refunds: what is known so far, and a tag; other tickets have tags of the house too."""
    for tag, color in _TAGS.items():
        await tickets.make_tag(tx, tag, color, by=By(_BY), now=now)
    viewer = await agents.viewer(tx, supervisor)
    assert viewer is not None, "the supervisor was planted"
    found = await views.tickets_page(tx, viewer, TicketFilter(view="all", status="open", type="refund", limit=_FILLED))
    for row in found:
        ticket = await tickets.lock_ticket(tx, row.id)
        fields = {
            "product": chance.choice(("空气净化器 X3", "净水器 P2", "四件套 云织", "电热毯 暖冬")),
            "refund_reason": chance.choice(("quality", "damaged", "unwanted")),
        }
        names = "商品、退款原因"
        by = By(f"agent:{row.agent_id}", row.agent_id) if row.agent_id else By(_BY)
        await tickets.change_ticket(
            tx, ticket, TicketChange(fields=fields, tags=[*ticket.tags, "退款待核"]), expected=ticket.version,
            text=tickets.line("filled", names=names, names_en="Product, Reason for refund"), by=by, now=now,
        )  # fmt: skip
    for row in await views.tickets_page(tx, viewer, TicketFilter(view="all", limit=_TAGGED)):
        ticket = await tickets.lock_ticket(tx, row.id)
        given = chance.sample(sorted(_TAGS), chance.choice((0, 1, 1, 2)))
        by = By(f"agent:{row.agent_id}", row.agent_id) if row.agent_id else By(_BY)
        await tickets.tag_ticket(tx, ticket, add=given, remove=(), by=by, now=now)
