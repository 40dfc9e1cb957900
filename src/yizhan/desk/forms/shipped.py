"""What a new house begins with: some fields of the trade, and a form that asks for little."""

from __future__ import annotations

from typing import Any

from yizhan.desk.forms.documents import FieldKind, FieldSpec, FormRow, Option, TicketFields, TicketForm


def _options(*words: tuple[str, str, str]) -> tuple[Option, ...]:
    return tuple(Option(*each) for each in words)


def _of(*types: str) -> dict[str, Any]:
    return {"field": "types", "op": "contains", "value": list(types)}


SHIPPED_FIELDS = TicketFields(fields=(
    FieldSpec(key="product", zh="商品", en="Product", kind=FieldKind.TEXT, max_length=80),
    FieldSpec(key="refund_amount", zh="退款金额", en="Refund amount", kind=FieldKind.MONEY, minimum=0),
    FieldSpec(key="refund_reason", zh="退款原因", en="Reason for the refund", kind=FieldKind.CHOICE, options=_options(
        ("unwanted", "不想要了", "Not wanted"), ("quality", "质量问题", "Quality"),
        ("damaged", "运输破损", "Damaged on the way"), ("wrong", "发错货", "Wrong item"), ("other", "其他", "Other"),
    )),
    FieldSpec(key="parcel_no", zh="退货快递单号", en="Return parcel number", kind=FieldKind.ORDER),
    FieldSpec(key="fault", zh="故障现象", en="Fault", kind=FieldKind.MULTI, options=_options(
        ("no_power", "不通电", "No power"), ("noise", "异响", "Noise"), ("leak", "漏水", "Leak"),
        ("broken", "破损", "Broken"), ("other", "其他", "Other"),
    )),
    FieldSpec(key="visit_on", zh="上门日期", en="Visit on", kind=FieldKind.DATE),
    FieldSpec(key="call_phone", zh="联系电话", en="Telephone", kind=FieldKind.PHONE),
    FieldSpec(key="demand", zh="客户诉求", en="What the customer asks for", kind=FieldKind.TEXT),
))  # fmt: skip

SHIPPED_FORM = TicketForm(
    title="通用表单",
    title_en="For every ticket",
    rows=(
        FormRow(field="product", when=_of("aftersale", "refund", "complaint")),
        FormRow(field="refund_reason", when=_of("refund")),
        FormRow(field="refund_amount", when=_of("refund")),
        FormRow(field="parcel_no", when=_of("refund.return", "refund.exchange")),
        FormRow(field="fault", when=_of("aftersale")),
        FormRow(field="visit_on", when=_of("aftersale.repair", "aftersale.install")),
        FormRow(field="call_phone", when={"any": [_of("callback"), {"field": "field.visit_on", "op": "is_set"}]}),
        FormRow(field="demand", when=_of("complaint")),
    ),
)
"""Nothing is required: a house decides what its agents must fill in."""
