"""The small words around a question and its answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from random import Random

import msgspec

_CUT = re.compile(r"(?<=[,。?!;~…、,?!;\s])")
_ENDS = " \n,。,"


class Words(msgspec.Struct, frozen=True):
    """By what they are for. `own` are 服务小结 in an agent's own words, `first` answers where no article fits, both by
    type of ticket; `follow_ups` are what is asked next, each with its answer."""

    hello: tuple[str, ...]
    looking: tuple[str, ...]
    else_: tuple[str, ...] = msgspec.field(name="else")
    thanks: tuple[str, ...]
    follow_ups: tuple[tuple[str, str], ...]
    nags: tuple[str, ...]
    aside: tuple[str, ...]
    plain: tuple[str, ...]
    notes: tuple[str, ...]
    praise: tuple[str, ...]
    blame: tuple[str, ...]
    again: tuple[str, ...]
    given_names: str
    surnames: str
    nicknames: tuple[str, ...]
    passers_by: tuple[str, ...]
    own: dict[str, tuple[str, ...]]
    first: dict[str, tuple[str, ...]]

    def reply_to(self, question: str) -> str | None:
        """The answer to a question that came after the first."""
        return next((answer for asked, answer in self.follow_ups if asked == question.strip()), None)


@cache
def load_words() -> Words:
    return msgspec.toml.decode((files("yizhan.app.demo") / "data" / "words.toml").read_bytes(), type=Words)


def halves(chance: Random, text: str) -> list[str]:
    """Customers send their sentence in pieces; long letters come whole."""
    if len(text) > 70 or chance.random() < 0.45:
        return [text]
    parts = [part for piece in _CUT.split(text) if (part := piece.strip(_ENDS))]
    return parts if 2 <= len(parts) <= 4 else [text]


def typo(chance: Random, text: str) -> str:
    """One pair of neighbours swapped, once in a while."""
    if len(text) < 8 or chance.random() > 0.06:
        return text
    at = chance.randrange(2, len(text) - 3)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def stars(chance: Random) -> int:
    """4.4 on average, with reasons at both ends."""
    return chance.choices((5, 4, 3, 2, 1), (68, 21, 5, 3, 3))[0]


def summary(question: str, answers: Sequence[str]) -> str:
    """As the 服务小结 is proposed: what was asked and what was done."""
    done = max(answers, key=len, default="已答复")
    return f"客户:{_short(question)};处理:{_short(done)}"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 60 else flat[:59] + "…"
