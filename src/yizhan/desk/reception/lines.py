"""What the assistant says by itself, around its entries. It says what it is, and promises nothing."""

from __future__ import annotations

from collections.abc import Mapping

HUMAN, SOLVED, UNSOLVED = "human", "solved", "unsolved"

_ZH: Mapping[str, str] = {
    HUMAN: "转人工",
    SOLVED: "已解决",
    UNSOLVED: "没解决",
    "suggest": "我不太确定您问的是哪一个,请选一个;都不是的话可以转人工。",
    "again": "我没有找到答案。请换个说法再说一次,也可以直接转人工。",
    "thanks": "不客气。还有其他问题可以继续问我。",
    "glad": "好的,很高兴帮到您。再有问题随时找我们。",
    "meanwhile": "我是智能助手,等待时可以先问我。随时可以转人工,排队的先后为您保留。",
    "persons": "这件事由人工客服为您处理,排队的先后不变,请稍候。",
    "handing": "正在为您转人工客服,前面说过的不用再说一遍。",
    "left": "现在没有客服在线,您说的内容已转为留言,我们会尽快回复。",
    "left_by": "现在没有客服在线,您说的内容已转为留言,我们将在 {by} 前回复。",
}
_EN: Mapping[str, str] = {
    HUMAN: "Talk to a person",
    SOLVED: "Solved",
    UNSOLVED: "Not solved",
    "suggest": "I am not sure which of these you mean. Please choose one, or talk to a person.",
    "again": "I found no answer to that. Please say it in other words, or talk to a person.",
    "thanks": "You are welcome. Ask me anything else you need.",
    "glad": "Glad to hear it. We are here whenever you need us.",
    "meanwhile": "I am the assistant. Ask me while you wait; talk to a person at any time, your place in line is kept.",
    "persons": "A person will see to this. Your place in line is kept.",
    "handing": "Passing you on to a person. You need not repeat anything.",
    "left": "Nobody is here just now. What you wrote is kept as a message, and we will answer soon.",
    "left_by": "Nobody is here just now. What you wrote is kept as a message, and we will answer by {by}.",
}

# What customers say instead of pressing the button.
_SOLVED = frozenset({
    "已解决", "解决了", "已经解决了", "问题解决了", "搞定了", "明白了", "知道了", "懂了", "好了", "solved", "fixed",
    "gotit", "thatsolvedit",
})  # fmt: skip
_UNSOLVED = frozenset({
    "没解决", "未解决", "没有解决", "还没解决", "不是", "不对", "都不是", "不是这个", "没用", "没有用", "答非所问",
    "看不懂", "不是我要的", "notsolved", "unsolved", "noneofthese", "wrong", "nothelpful", "no",
})  # fmt: skip
_HELLO = frozenset({
    "你好", "您好", "在吗", "在么", "在不在", "有人吗", "有人在吗", "哈喽", "嗨", "喂", "你好啊", "您好啊",
    "你好在吗", "您好在吗", "亲", "亲在吗", "hi", "hello", "hey", "hithere", "hellothere", "goodmorning",
})  # fmt: skip


def said(code: str, locale: str | None, **parts: str) -> str:
    return (_EN if (locale or "").lower().startswith("en") else _ZH)[code].format(**parts)


def means_solved(plain: str) -> bool:
    """`plain` is the text without signs and spaces."""
    return plain in _SOLVED


def means_unsolved(plain: str) -> bool:
    return plain in _UNSOLVED


def is_hello(plain: str) -> bool:
    return plain in _HELLO
