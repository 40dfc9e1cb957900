"""Priority rules as documents of the kind `priority_rules`: a condition, what follows, and what waiting does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from yizhan.desk.priority.model import MEDIUM
from yizhan.desk.views import OWN, WORK_FIELDS
from yizhan.foundation.conditions import Condition, Field, FieldSet, FieldType, parse

Key = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_.-]{0,39}$")]
Title = Annotated[str, Meta(max_length=80)]
Level = Annotated[int, Meta(ge=1, le=4)]
Moment = Annotated[datetime, Meta(tz=True)]
Tree = dict[str, Any] | list[Any]

_UNKNOWN = ("status", "created_minutes", "waiting_minutes", "waiting_since", "working_hours", "agent", "owner")
FIELDS = FieldSet([
    *(field for field in WORK_FIELDS if field.name not in _UNKNOWN),
    Field("safety", FieldType.BOOL, "人身安全", "safety"),
], loose=OWN)  # fmt: skip
"""When a ticket is judged it has not waited yet, and nobody has it. `priority` is what triage found."""


class PriorityRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """In the order of the list: the first that holds and says a `priority` decides it, every one that holds and says
    `raise_by` raises it, but no further than 高. What is graver by itself is not lowered, and safety is always urgent.

    From `start` until `end`: a campaign.
    """

    key: Key
    when: Tree = {}
    title: Title = ""
    title_en: Title = ""
    priority: Level | None = None
    raise_by: Annotated[int, Meta(ge=0, le=2)] = 0
    start: Moment | None = None
    end: Moment | None = None
    enabled: bool = True

    @property
    def condition(self) -> Condition:
        return parse(self.when, FIELDS)

    def running(self, now: datetime) -> bool:
        return (self.start is None or self.start <= now) and (self.end is None or now < self.end)


class Promotion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Who waits for an answer so long with `from_priority` has `to_priority` from then on."""

    after_minutes: Annotated[int, Meta(ge=1, le=7 * 24 * 60)]
    from_priority: Annotated[int, Meta(ge=1, le=3)]
    to_priority: Annotated[int, Meta(ge=2, le=4)]


class PriorityDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Rules of an inbox or team stand before the house's own; of one key the special one counts."""

    title: Title = ""
    title_en: Title = ""
    inboxes: tuple[UUID, ...] = ()
    teams: tuple[UUID, ...] = ()
    rules: Annotated[tuple[PriorityRule, ...], Meta(max_length=200)] = ()
    promotions: Annotated[tuple[Promotion, ...], Meta(max_length=10)] | UnsetType = UNSET


def together(documents: Sequence[PriorityDocument]) -> PriorityDocument:
    """From the general to the special, as one."""
    rules: tuple[PriorityRule, ...] = ()
    promotions: tuple[Promotion, ...] = ()
    for each in documents:
        special = {rule.key for rule in each.rules}
        rules = (*each.rules, *(rule for rule in rules if rule.key not in special))
        promotions = promotions if each.promotions is UNSET else each.promotions
    return PriorityDocument(rules=rules, promotions=promotions)


SHIPPED = PriorityDocument(
    title="出厂设置", title_en="As shipped",
    rules=(
        PriorityRule(
            key="member", title="会员升一级", title_en="Members one level up",
            when={"field": "level", "op": "gt", "value": 0}, raise_by=1
        ),
        PriorityRule(
            key="repeat", title="重复进线升一级", title_en="Repeated contacts one level up",
            when={"field": "repeats", "op": "gte", "value": 2}, raise_by=1
        ),
        PriorityRule(
            key="praise", title="表扬建议可稍后", title_en="Praise and suggestions may wait",
            when={"field": "type", "op": "in", "value": ["praise", "suggest"]},
            priority=1,
        ),
        PriorityRule(
            key="sale_cancel", title="大促:先处理订单取消", title_en="Campaign: cancellations first",
            enabled=False, priority=3,
            when={"field": "text", "op": "contains", "value": ["取消订单", "订单取消", "不想要了"]},
        ),
        PriorityRule(
            key="sale_parcel", title="大促:物流查询靠后", title_en="Campaign: parcel questions later",
            enabled=False, priority=1,
            when={"field": "text", "op": "contains", "value": ["物流", "快递", "到哪了"]},
        ),
    ),
    promotions=(
        Promotion(after_minutes=30, from_priority=1, to_priority=MEDIUM),
    ),
)  # fmt: skip
