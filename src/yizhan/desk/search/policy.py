"""How a query is asked of the index, decided by how common its rarest word is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from yizhan.foundation.text import pii, query_words

# A word in more than one row of fifty is found among the newest rows sooner than in the index's long list.
COMMON = 0.02
_SNIPPET = 80

Blind = Callable[[str, str], bytes]


class Way(StrEnum):
    RECENT = "recent"  # walk from the newest row, bounded
    INDEX = "index"  # the inverted index, then newest first


def way(words: Sequence[str], frequency: Mapping[str, float]) -> Way:
    """Frequencies are shares of rows; a word the statistics do not list is rare."""
    return Way.RECENT if words and all(frequency.get(w, 0.0) > COMMON for w in words) else Way.INDEX


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
