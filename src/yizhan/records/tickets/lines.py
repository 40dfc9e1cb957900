"""Sentences of processing notes that nobody types: stored as words and as a code with its parts.

The words are Chinese, for search, export and rows read elsewhere; the workbench says the code in its reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping

LINES: Mapping[str, str] = {
    "confirmed": "客户 {hours} 小时内未提出异议,自动确认完成",
    "rated": "客户评价:{verdict}",
    "rated_stars": "客户评价:{stars} 星",
    "rated_both": "客户评价:{verdict} {stars} 星",
    "abandoned": "客户排队 {seconds} 秒后离开(放弃未接)",
    "silent": "客户未再回复,会话自动结束",
    "sla_raised": "{target}{stage},优先级自动升级",
    "sla_moved": "{target}{stage},自动转派 {team}",
    "chased": "客户催单:{words}",
    "chase_raised": "客户催单 {count} 次,优先级自动升级",
    "answered": "客户已回复,结束等待",
    "follow_up": "到了下次跟进时间",
    "shift_over": "下班 {minutes} 分钟后仍未交接,自动退回客服组",
    "joined": "并入 #{number}",
    "took_in": "#{number} 并入",
    "unjoined": "撤销并入",
    "split_off": "自 #{number} 拆出",
    "filled": "填写{names}",
}
"""By code; a gap is a part, said by its own word where `PARTS` has one."""

PARTS: Mapping[str, Mapping[str, str]] = {
    "verdict": {"solved": "已解决", "unsolved": "未解决"},
    "target": {"first_response": "首次响应", "next_response": "后续响应", "resolution": "解决"},
    "stage": {"warning": "即将超时", "breach": "已超时", "late": "已超时 {minutes} 分钟"},
}


class Line(str):
    """A sentence of ours: its words wherever text is wanted, and what makes it in another language."""

    __slots__ = ("code", "parts")
    code: str
    parts: dict[str, str]

    def __new__(cls, words: str, code: str, parts: Mapping[str, str]) -> Line:
        made = super().__new__(cls, words)
        made.code, made.parts = code, dict(parts)
        return made


def line(code: str, **parts: object) -> Line:
    facts = {name: str(part) for name, part in parts.items()}
    said = {name: PARTS.get(name, {}).get(part, part) for name, part in facts.items()}
    if "stage" in said:
        said["stage"] = said["stage"].format(**facts)
    return Line(LINES[code].format(**said), code, facts)
