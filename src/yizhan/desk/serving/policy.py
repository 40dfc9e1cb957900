"""What the 服务小结 proposes, so that closing an ordinary chat costs one key."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from yizhan.records.conversations import Solved, Summary
from yizhan.records.tickets import Action, Status

_GREETINGS = ("您好", "你好", "在吗", "hi", "hello", "在么", "有人吗")
_PROMISES = ("会在", "今天内", "之前", "小时内", "个工作日", "回复您", "回电", "within", "by tomorrow")
_HEADS = {
    "zh-CN": (("客户:", "处理:", "承诺:"), ";"),
    "en": (("Customer: ", "Done: ", "Promised: "), "; "),
}
_NEXT = {
    (Status.NEW, Solved.SOLVED): Action.SOLVE,
    (Status.OPEN, Solved.SOLVED): Action.SOLVE,
}


class Line(msgspec.Struct, frozen=True):
    """One message of the dialogue: `mine` when an agent wrote it."""

    mine: bool
    text: str


def propose(kind: str, dialogue: Sequence[Line], locale: str = "zh-CN") -> Summary:
    """Question + what was done + what was promised, each cut from the dialogue itself: nothing is invented."""
    question = next((one.text for one in dialogue if not one.mine and not _is_greeting(one.text)), "")
    answers = [one.text for one in dialogue if one.mine]
    answer = max(answers, key=len, default="")
    promise = next((a for a in reversed(answers) if any(p in a for p in _PROMISES) and a != answer), "")
    heads, mark = _HEADS["en" if locale == "en" else "zh-CN"]
    parts = [head + _cut(said) for head, said in zip(heads, (question, answer, promise), strict=True) if said]
    solved = Solved.SOLVED if answers else Solved.UNSOLVED
    return Summary(kind, Solved.FOLLOW_UP if promise else solved, mark.join(parts))


def move_after(status: Status, solved: Solved) -> Action | None:
    """What ending a conversation does to its ticket; unsolved and follow-up work stays with its handler."""
    return _NEXT.get((status, solved))


def _is_greeting(text: str) -> bool:
    bare = "".join(c for c in text if c.isalnum()).lower()
    return len(bare) < 2 or bare in _GREETINGS


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 60 else flat[:59] + "…"
