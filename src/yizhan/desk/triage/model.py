"""What triage looks at and what it concludes; the word lists are configuration with defaults."""

from __future__ import annotations

from uuid import UUID

import msgspec

from yizhan.records.tickets import TicketType

TYPES: dict[str, tuple[str, ...]] = {
    "complaint": (
        "投诉", "举报", "曝光", "12315", "12345", "消协", "欺骗", "骗子", "骗人", "态度差", "态度恶劣", "假货",
        "虚假宣传", "没人管", "不处理", "维权", "complain", "scam", "fraud", "unacceptable",
    ),
    "refund": (
        "退款", "退钱", "退货", "退一下", "仅退款", "退掉", "退换", "refund", "money back", "return the item",
    ),
    "aftersale": (
        "售后", "维修", "保修", "质保", "坏了", "故障", "不工作", "不亮", "不出风", "漏水", "异响", "换新", "安装",
        "开裂", "破损", "少发", "发错", "报错", "着火", "起火", "冒烟", "漏电",
        "broken", "repair", "warranty", "defect", "not working",
    ),
    "suggest": ("建议", "希望你们", "能不能增加", "改进", "suggest", "feature request"),
    "praise": ("表扬", "点赞", "好评", "服务很好", "非常满意", "praise", "great service"),
    "consult": (
        "咨询", "请问", "怎么", "如何", "什么时候", "多少钱", "有没有", "发货", "物流", "快递", "发票", "优惠",
        "尺寸", "吗", "how ", "when ", "where ", "what ", "invoice", "shipping", "delivery", "price",
    ),
}  # fmt: skip


class TriageRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words by meaning, in the order in which types are tried: the graver first."""

    types: dict[str, tuple[str, ...]] = msgspec.field(default_factory=lambda: dict(TYPES))
    safety: tuple[str, ...] = (
        "着火", "起火", "冒烟", "漏电", "触电", "受伤", "烫伤", "爆炸", "燃气泄漏",
        "on fire", "smoking", "electric shock", "injured", "explod",
    )  # fmt: skip
    public: tuple[str, ...] = (
        "12315", "12345", "曝光", "消协", "媒体", "律师", "起诉", "工信部", "黑猫", "lawyer", "sue you",
    )  # fmt: skip
    denials: tuple[str, ...] = ("没有", "没", "不会", "并未", "从未", "no ", "not ", "without ")


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket with what its customer wrote so far."""

    ticket_id: UUID
    subject: str
    text: str
    type: TicketType
    type_sure: bool
    priority: int
    level: int
    reopened: bool = False
    agent_id: UUID | None = None


class Conclusion(msgspec.Struct, frozen=True):
    type: TicketType
    priority: int
    safety: bool
    skill: str | None  # key of the skill asked for
