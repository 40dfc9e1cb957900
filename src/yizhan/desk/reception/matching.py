"""Which entry a question means, by its letters alone: pooled BM25 and the nearest phrasing, judged by a small head.

Chinese is cut into single characters and pairs, other letters into words. Pure, a few megabytes, a millisecond a
question. A raw similarity does not tell a right answer from a plausible one; the head does (`sure`): a logistic
regression over seven signs, its weights found on the phrasings of the CC0 set zh-service that are not held out.
"""

from __future__ import annotations

import math
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import msgspec

from yizhan.foundation.text import simplify

_K, _B = 2.0, 0.5
_SINGLE = 0.6
"""What a single character counts beside a pair."""
_NEAREST = 0.5
_MOST_LETTERS = 400
_WORD = re.compile(r"[a-z0-9]+|[^\x00-\x7f]")

_HEAD = (5.323, 3.701, 8.65, -2.405, -6.656, -0.097, 1.336)
_OFFSET = -4.148


class Phrased(msgspec.Struct, frozen=True):
    """An entry as it is looked for. What it answers is found by the words of the answer too, but less."""

    key: str
    phrasings: tuple[str, ...]
    answer: str


class Match(msgspec.Struct, frozen=True):
    """`score` orders; `sure` is how likely the first of them is right, told of the first alone."""

    key: str
    score: float
    sure: float = 0.0


class Matcher:
    """Knows the entries it was made of, and never changes."""

    def __init__(self, entries: Sequence[Phrased]) -> None:
        self._keys = [entry.key for entry in entries]
        self._exact = {same(p): entry.key for entry in entries for p in entry.phrasings}
        pooled, phrasings, owners = _counted(entries)
        self._idf = _rarity(pooled)
        self._unknown = math.log(1 + (len(entries) + 0.5) / 0.5)
        self._pools = _pools(pooled)
        self._lines, self._owners = _lines(phrasings, self._idf), array("H", owners)

    def exact(self, text: str) -> str | None:
        """The entry one of whose phrasings this is, but for signs and spaces."""
        return self._exact.get(same(text))

    def rank(self, text: str, count: int = 3) -> list[Match]:
        """The likeliest first; none where nothing of the text is known."""
        asked = Counter(_letters(text))
        pooled, whole = self._pooled(asked)
        if not pooled:
            return []
        near = self._near(asked)
        scores = {at: score / whole + _NEAREST * near.get(at, 0.0) for at, score in pooled.items()}
        best = sorted(scores, key=lambda at: (-scores[at], at))[: max(2, count)]
        signs = _signs(best, scores, pooled, near, whole, len(asked))
        ranked = [Match(self._keys[at], round(scores[at], 4)) for at in best[:count]]
        ranked[0] = msgspec.structs.replace(ranked[0], sure=round(_head(signs), 4))
        return ranked

    def signs(self, text: str) -> tuple[str | None, tuple[float, ...]]:
        """What the head judges by, to find its weights anew."""
        asked = Counter(_letters(text))
        pooled, whole = self._pooled(asked)
        if not pooled:
            return None, ()
        near = self._near(asked)
        scores = {at: score / whole + _NEAREST * near.get(at, 0.0) for at, score in pooled.items()}
        best = sorted(scores, key=lambda at: (-scores[at], at))[:2]
        return self._keys[best[0]], _signs(best, scores, pooled, near, whole, len(asked))

    def _pooled(self, asked: Mapping[str, int]) -> tuple[dict[int, float], float]:
        found: dict[int, float] = defaultdict(float)
        whole = 1e-9
        for letters in asked:
            weight = self._weight(letters)
            whole += weight * (_K + 1)
            for at, share in zip(*self._pools.get(letters, ((), ())), strict=True):
                found[at] += weight * share
        return found, whole

    def _weight(self, letters: str) -> float:
        return (1.0 if len(letters) > 1 else _SINGLE) * self._idf.get(letters, self._unknown)

    def _near(self, asked: Mapping[str, int]) -> dict[int, float]:
        """Of each entry the phrasing most like it, as a cosine."""
        weights = {g: (1 + math.log(n)) * self._idf.get(g, self._unknown) for g, n in asked.items()}
        length = math.sqrt(sum(w * w for w in weights.values())) or 1.0
        lines: dict[int, float] = defaultdict(float)
        for letters, weight in weights.items():
            for line, share in zip(*self._lines.get(letters, ((), ())), strict=True):
                lines[line] += weight / length * share
        best: dict[int, float] = {}
        for line, value in lines.items():
            at = self._owners[line]
            if value > best.get(at, 0.0):
                best[at] = value
        return best


def same(text: str) -> str:
    return "".join(_WORD.findall(simplify(text).lower()))


def alike(a: Iterable[str], b: Iterable[str]) -> float:
    """How much two bags of letters share, 0 to 1."""
    one, other = set(a), set(b)
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def letters_of(text: str) -> list[str]:
    return _letters(text)


def _letters(text: str) -> list[str]:
    """Characters and pairs of them; words of other letters whole."""
    pieces = [p for p in _WORD.findall(simplify(text[:_MOST_LETTERS]).lower()) if p.isalnum()]
    return [*pieces, *(a + b for a, b in pairwise(pieces))]


def _counted(entries: Sequence[Phrased]) -> tuple[list[Counter[str]], list[Counter[str]], list[int]]:
    pooled: list[Counter[str]] = []
    phrasings: list[Counter[str]] = []
    owners: list[int] = []
    for at, entry in enumerate(entries):
        pool: Counter[str] = Counter(set(_letters(entry.answer)))
        for phrasing in entry.phrasings:
            letters = Counter(_letters(phrasing))
            pool.update(set(letters))
            phrasings.append(letters)
            owners.append(at)
        pooled.append(pool)
    return pooled, phrasings, owners


def _rarity(pooled: Sequence[Counter[str]]) -> dict[str, float]:
    seen = Counter(letters for pool in pooled for letters in pool)
    return {g: math.log(1 + (len(pooled) - n + 0.5) / (n + 0.5)) for g, n in seen.items()}


Postings = dict[str, tuple["array[int]", "array[float]"]]


def _pools(pooled: Sequence[Counter[str]]) -> Postings:
    lengths = [sum(pool.values()) for pool in pooled]
    mean = sum(lengths) / len(lengths) if lengths else 1.0
    made: Postings = {}
    for at, pool in enumerate(pooled):
        for letters, count in pool.items():
            share = count * (_K + 1) / (count + _K * (1 - _B + _B * lengths[at] / mean))
            _post(made, letters, at, share)
    return made


def _lines(phrasings: Sequence[Counter[str]], idf: Mapping[str, float]) -> Postings:
    made: Postings = {}
    for line, counts in enumerate(phrasings):
        weights = {g: (1 + math.log(n)) * idf[g] for g, n in counts.items()}
        length = math.sqrt(sum(w * w for w in weights.values())) or 1.0
        for letters, weight in weights.items():
            _post(made, letters, line, weight / length)
    return made


def _post(made: Postings, letters: str, at: int, share: float) -> None:
    held = made.get(letters)
    if held is None:
        held = made[letters] = (array("H"), array("f"))
    held[0].append(at)
    held[1].append(share)


def _signs(
    best: Sequence[int], scores: Mapping[int, float], pooled: Mapping[int, float], near: Mapping[int, float],
    whole: float, size: int,
) -> tuple[float, ...]:  # fmt: skip
    """Score; lead over the next; how much of the question the entry explains, and the next one beside it; how alike
    the nearest phrasing is, and its lead; how much was said."""
    first, second = best[0], best[1] if len(best) > 1 else None
    next_score, next_pool, next_near = (
        (scores[second], pooled[second], near.get(second, 0.0)) if second is not None else (0.0, 0.0, 0.0)
    )
    return (
        scores[first], scores[first] - next_score, pooled[first] / whole, next_pool / pooled[first],
        near.get(first, 0.0), near.get(first, 0.0) - next_near, math.log(1 + size),
    )  # fmt: skip


def _head(signs: Sequence[float]) -> float:
    return 1 / (1 + math.exp(-(_OFFSET + sum(w * s for w, s in zip(_HEAD, signs, strict=True)))))
