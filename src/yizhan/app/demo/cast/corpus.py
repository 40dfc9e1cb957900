"""The texts of the demo and the answer that fits a question best."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from random import Random

import msgspec

_TYPES = {
    "咨询": "consult", "售后": "aftersale", "退款": "refund", "投诉": "complaint",
    "建议": "suggest", "表扬": "praise", "其他": "other",
}  # fmt: skip
_PRIORITIES = {"urgent": 4, "high": 3, "normal": 2, "low": 1}
_ASKED = frozenset({"consult", "aftersale", "refund"})
CHATS = ("wechat", "web", "app")
_SURE = 0.34  # share of two-character runs that a question must have in common with a known one


class Article(msgspec.Struct, frozen=True):
    id: str
    category: str
    question: str
    answer: str
    product_line: str


class Said(msgspec.Struct, frozen=True):
    """Something a customer writes; `answer` when it is known which article answers it."""

    text: str
    kind: str
    priority: int
    channel: str
    answer: str | None = None


class _Question(msgspec.Struct, frozen=True):
    faq: str
    text: str


class _Message(msgspec.Struct, frozen=True):
    text: str
    type: str
    sentiment: str
    urgency: str
    channel: str


class Corpus:
    def __init__(
        self, articles: Iterable[Article], questions: Iterable[_Question], messages: Iterable[_Message]
    ) -> None:
        self.articles = {a.id: a for a in articles}
        asked = list(questions)
        self.questions: dict[str, list[Said]] = defaultdict(list)
        for q in asked:
            article = self.articles[q.faq]
            self.questions[_kind_of(article)].append(Said(q.text, _kind_of(article), 2, "web", article.answer))
        self.messages: dict[tuple[str, str], list[Said]] = defaultdict(list)
        for m in messages:
            said = Said(m.text, _TYPES[m.type], _PRIORITIES[m.urgency], m.channel)
            self.messages[said.kind, m.channel].append(said)
        self._known = [(q.faq, _pairs(q.text)) for q in asked]
        self._known += [(a.id, _pairs(a.question)) for a in self.articles.values()]
        self._with: dict[str, list[int]] = defaultdict(list)
        for number, (_, pairs) in enumerate(self._known):
            for pair in pairs:
                self._with[pair].append(number)

    def pick(self, chance: Random, kind: str, channels: Sequence[str]) -> Said:
        """Something of this kind; most of what is asked in a chat comes with its answer."""
        if kind in _ASKED and channels[0] in ("wechat", "web") and chance.random() < 0.7:
            return chance.choice(self.questions[kind])
        found = [said for channel in channels for said in self.messages[kind, channel]]
        return chance.choice(found)

    def chats(self) -> list[str]:
        """Everything that may open a chat."""
        found = [said.text for asked in self.questions.values() for said in asked]
        return found + [m.text for (_, channel), told in self.messages.items() if channel in CHATS for m in told]

    def answer(self, text: str) -> Article | None:
        """The article whose questions look most like this one; None when none looks alike."""
        pairs = _pairs(text)
        if not pairs:
            return None
        common = Counter(number for pair in pairs for number in self._with.get(pair, ()))
        if not common:
            return None
        best = max(common, key=lambda n: (2 * common[n] / (len(pairs) + len(self._known[n][1])), -n))
        faq, known = self._known[best]
        alike = 2 * common[best] / (len(pairs) + len(known))
        return self.articles[faq] if alike >= _SURE else None


@cache
def load_corpus() -> Corpus:
    folder = files("yizhan.app.demo") / "data"

    def lines(name: str) -> list[bytes]:
        return (folder / name).read_bytes().splitlines()

    return Corpus(
        [msgspec.json.decode(line, type=Article) for line in lines("knowledge.jsonl")],
        [msgspec.json.decode(line, type=_Question) for line in lines("questions.jsonl")],
        [msgspec.json.decode(line, type=_Message) for line in lines("messages.jsonl")],
    )


def load_picture() -> bytes:
    """A scorched electric blanket."""
    return (files("yizhan.app.demo") / "data" / "blanket.png").read_bytes()


def _kind_of(article: Article) -> str:
    if article.category in ("退款", "退换货"):
        return "refund"
    if article.category == "安装维修":
        return "aftersale"
    return "consult"


def _pairs(text: str) -> frozenset[str]:
    flat = "".join(c for c in text.lower() if c.isalnum())
    return frozenset(flat[i : i + 2] for i in range(len(flat) - 1))
