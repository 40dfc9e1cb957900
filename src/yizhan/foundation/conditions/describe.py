"""A condition as a sentence, for lists of rules and for explanations of decisions."""

from collections.abc import Mapping

from yizhan.foundation.conditions.model import All, Any, Condition, Leaf, Op, Value

_WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "eq": "是", "ne": "不是", "in": "属于", "not_in": "不属于", "gt": "大于", "gte": "不小于", "lt": "小于",
        "lte": "不大于", "contains": "包含", "starts_with": "开头是", "matches": "符合", "is_empty": "为空",
        "is_set": "不为空", "all": " 且 ", "any": " 或 ", "not": "非", "comma": "、", "always": "始终",
        "past": "在最近 {} 内", "next": "在未来 {} 内", "True": "是", "False": "否",
        "days": "{} 天", "hours": "{} 小时", "minutes": "{} 分钟",
    },
    "en": {
        "eq": "is", "ne": "is not", "in": "is one of", "not_in": "is none of", "gt": "is above", "gte": "is at least",
        "lt": "is below", "lte": "is at most", "contains": "contains", "starts_with": "starts with",
        "matches": "matches", "is_empty": "is empty", "is_set": "is set", "all": " and ", "any": " or ", "not": "not ",
        "comma": ", ", "always": "always", "past": "is within the last {}",
        "next": "is within the next {}", "True": "yes", "False": "no", "days": "{} days", "hours": "{} hours",
        "minutes": "{} minutes",
    },
}  # fmt: skip


def describe(condition: Condition, locale: str, names: Mapping[str, str] | None = None) -> str:
    """`渠道 是 微信 且 (优先级 是 高 或 等级 属于 金、银)`; `names` says ids and codes in words."""
    words = _WORDS["zh" if locale.lower().startswith("zh") else "en"]
    return _said(condition, words, names or {}, outermost=True)


def _said(condition: Condition, words: dict[str, str], names: Mapping[str, str], *, outermost: bool = False) -> str:
    if isinstance(condition, Leaf):
        return _leaf(condition, words, names)
    if isinstance(condition, All | Any):
        if not condition.parts:
            return words["always"]
        word = words["all" if isinstance(condition, All) else "any"]
        joined = word.join(_said(part, words, names) for part in condition.parts)
        return joined if outermost or len(condition.parts) == 1 else f"({joined})"
    return f"{words['not']}({_said(condition.part, words, names, outermost=True)})"


def _leaf(leaf: Leaf, words: dict[str, str], names: Mapping[str, str]) -> str:
    label = leaf.field.zh if words is _WORDS["zh"] else leaf.field.en
    if leaf.op is Op.WITHIN and isinstance(leaf.value, int):
        return f"{label} {words['past' if leaf.value > 0 else 'next'].format(_span(abs(leaf.value), words))}"
    if leaf.value is None:
        return f"{label} {words[leaf.op]}"
    return f"{label} {words[leaf.op]} {_value(leaf.value, words, names)}"


def _span(minutes: int, words: dict[str, str]) -> str:
    for unit, size in (("days", 24 * 60), ("hours", 60)):
        if minutes % size == 0:
            return words[unit].format(minutes // size)
    return words["minutes"].format(minutes)


def _value(value: Value, words: dict[str, str], names: Mapping[str, str]) -> str:
    if isinstance(value, tuple):
        return words["comma"].join(_value(each, words, names) for each in value)
    if isinstance(value, bool):
        return words[str(value)]
    return names.get(str(value), str(value))
