"""The segments of the demo, each with a story, and a rule that asks for one of them."""

from __future__ import annotations

from datetime import datetime

from yizhan.foundation.db import Tx
from yizhan.records.config import Body, Configuration, Pick

_DAY = 24 * 60
SILENT, TWICE, FIRST = "silent_top", "complained_twice", "first_order"

_SEGMENTS: dict[str, Body] = {
    SILENT: {
        "title": {"zh": "沉默的彩羽", "en": "Silent top members"}, "color": "violet",
        "note": "彩羽会员，两周没有联系、一个月没有下单：适合主动关怀，再来时优先接待",
        "note_en": "Top members, no contact for two weeks and no order for a month: reach out, and serve them first",
        "when": {"all": [
            {"field": "level", "op": "gte", "value": 3},
            {"not": {"any": [
                {"field": "contacted_at", "op": "within", "value": 14 * _DAY},
                {"field": "last_order_at", "op": "within", "value": 30 * _DAY},
            ]}},
        ]},
    },
    TWICE: {
        "title": {"zh": "30 天内投诉两次", "en": "Two complaints in 30 days"}, "color": "red",
        "note": "一个月内第二次投诉：工单升一级，由有经验的客服跟进到底",
        "note_en": "The second complaint in a month: one priority higher, and somebody experienced sees it through",
        "when": {"all": [{"field": "complaints_30d", "op": "gte", "value": 2}]},
    },
    FIRST: {
        "title": {"zh": "新客首单", "en": "First order"}, "color": "green",
        "note": "30 天内下了第一单：到货前后的体验决定会不会再来",
        "note_en": "Their first order was in the last 30 days: how it goes decides whether they come again",
        "when": {"all": [
            {"field": "orders", "op": "eq", "value": 1},
            {"field": "first_order_at", "op": "within", "value": 30 * _DAY},
        ]},
    },
}  # fmt: skip


async def rule(tx: Tx, configuration: Configuration, now: datetime) -> None:
    """Who complained twice is served before others of his priority."""
    released = await configuration.published(tx)
    body: Body = released.document("priority_rules", "default").body or {}
    raised: Body = {
        "key": "complained_twice", "title": "30 天内投诉两次升一级", "raise_by": 1,
        "when": {"field": "segment", "op": "contains", "value": [TWICE]},
    }  # fmt: skip
    rules = [*body.get("rules", []), raised]
    written = [*(("segment", name, each) for name, each in _SEGMENTS.items()),
               ("priority_rules", "default", {**body, "rules": rules})]  # fmt: skip
    picks = []
    for kind, name, each in written:
        saved = await configuration.save(tx, kind, name, each, by="system", now=now)
        picks.append(Pick(kind, name, saved.version))
    await configuration.release(tx, picks, by="system", now=now, note="客户分层")
