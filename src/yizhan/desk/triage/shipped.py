"""The words of the trade: what a new house recognises before anybody has written a rule of its own."""

from __future__ import annotations

from typing import Any

from yizhan.desk.triage.rules import TriageDocument, TriageRule

_TYPES: dict[str, tuple[str, ...]] = {
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
_SAFETY = (
    "着火", "起火", "冒烟", "漏电", "触电", "受伤", "烫伤", "爆炸", "燃气泄漏",
    "on fire", "smoking", "electric shock", "injured", "explod",
)  # fmt: skip
_PUBLIC = (
    "12315", "12345", "曝光", "消协", "媒体", "律师", "起诉", "工信部", "黑猫", "lawyer", "sue you",
)  # fmt: skip
_DENIALS = ("没有", "没", "不会", "并未", "从未", "no ", "not ", "without ")
_TITLES = {
    "complaint": ("投诉", "Complaint"), "refund": ("退款退货", "Refund or return"),
    "aftersale": ("售后", "After-sales"), "suggest": ("建议", "Suggestion"),
    "praise": ("表扬", "Praise"), "consult": ("咨询", "Question"),
}  # fmt: skip
_HIGH, _URGENT = 3, 4


def _says(field: str, words: tuple[str, ...]) -> dict[str, Any]:
    return {"field": field, "op": "contains", "value": list(words)}


SHIPPED = TriageDocument(
    title="出厂设置", title_en="As shipped",
    rules=(
        TriageRule(
            key="safety", title="人身安全", title_en="Danger to people", when=_says("stated", _SAFETY),
            priority=_URGENT, safety=True,
        ),
        *(
            TriageRule(
                key=f"type.{kind}", title=_TITLES[kind][0], title_en=_TITLES[kind][1],
                when=_says("text", words), type=kind,
                unsure=kind == "consult",
            )
            for kind, words in _TYPES.items()
        ),
        TriageRule(
            key="complaint", title="投诉为高", title_en="Complaints are high",
            when=_says("types", ("complaint",)), priority=_HIGH,
        ),
        TriageRule(
            key="public", title="监管与舆论", title_en="Authorities and public opinion", when=_says("text", _PUBLIC),
            priority=_HIGH,
        ),
    ),
    denials=_DENIALS,
    skill_by_type=True,
    skill_by_language=True,
)  # fmt: skip
"""The graver types come first. A question is a guess: later words may make something else of it."""
