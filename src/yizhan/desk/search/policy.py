"""How a query is asked of the index: from the newest row on, or by the inverted index, whichever is less work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod

import msgspec

from yizhan.desk.search.model import Document
from yizhan.foundation.text import name_sounds, pii, query_words

WORTH_KNOWING = 0.0005  # the share of rows from which a word may count as common; a word not known is rarer
_SHORT_PREFIX_SHARE = 0.01  # what begins with one Latin letter or digit is common, whatever it is
_ROW_US = 0.3  # measured, of a million messages: one row passed on the way from the newest
_HIT_US = 2.0  # one hit of the inverted index, all of which must be read and sorted
_LONGEST_US = 40_000.0
_WIDEST, _NARROWEST = 50_000, 2_000  # rows of a walk
DEEPEST = 1_000  # hits whose scope is judged for one answer
_SNIPPET = 80

Blind = Callable[[str, str], bytes]


class Commonness(msgspec.Struct, frozen=True):
    """How many rows there are, and in which share of them the common words are."""

    rows: float = 0.0
    shares: Mapping[str, float] = {}

    def share(self, word: str, *, prefix: bool) -> float:
        if not prefix:
            return self.shares.get(word, 0.0)
        at_least = _SHORT_PREFIX_SHARE if len(word) == 1 else 0.0
        return max(at_least, sum(share for known, share in self.shares.items() if known.startswith(word)))


class Plan(msgspec.Struct, frozen=True):
    """`each`: rows between two hits, as expected; none when that is not worth a walk. `index_us`: asking the index."""

    each: float = 0.0
    index_us: float = 0.0
    rows: float = 0.0

    def window(self, wanted: int) -> int:
        """In how many of the newest rows so many hits should be, twice over; none when the index is less work."""
        rows = max(_NARROWEST, round(min(_WIDEST, 2 * wanted * self.each)))
        return rows if self.each and rows * _ROW_US < self.index_us else 0

    def too_many(self, hits: int, window: int) -> bool:
        """Whether a walk that met so few hits met them often enough to say: the index would take too long for all."""
        return hits / window * self.rows * _HIT_US > _LONGEST_US


def plan(words: Sequence[str], common: Commonness, least: int) -> Plan:
    """As if words met by chance. Where they meet less often the walk ends after its window, and the index is asked."""
    shares = [common.share(w, prefix=w.isascii() and w == words[-1]) for w in words]
    together = prod(shares)
    if not shares or together * _WIDEST < least:
        return Plan()
    return Plan(1 / together, min(shares) * common.rows * _HIT_US, common.rows)


def deeper(depth: int, found: int, count: int) -> int:
    """How many hits to look at next, when of `depth` only `found` are within scope: twice what it should take."""
    return min(DEEPEST, depth + round(2 * (count - found) * depth / found) if found else 6 * depth)


def spoken(document: Document) -> str:
    """A customer is found by how his name sounds too: zhangwei, wei, zw."""
    if document.kind != "contact":
        return document.text
    return " ".join([document.text, *name_sounds(document.text)])


def hide_numbers(text: str, blind: Blind) -> str:
    """Personal numbers become their blind index: an exact number still finds its messages, the index holds none."""
    out: list[str] = []
    end = 0
    for span in pii.find(text):
        if span.kind not in pii.PERSONAL:
            continue
        out.append(text[end : span.start])
        out.append(f" x{blind(span.kind, span.value).hex()} ")
        end = span.end
    out.append(text[end:])
    return "".join(out)


def snippet(text: str, query: str) -> str:
    """The surroundings of the first hit, on one line."""
    flat = " ".join(text.split())
    places = [flat.lower().find(w.lower()) for w in query_words(query)]
    first = min((p for p in places if p >= 0), default=0)
    start = max(0, first - 20)
    cut = flat[start : start + _SNIPPET]
    return ("…" if start else "") + cut + ("…" if start + _SNIPPET < len(flat) else "")
