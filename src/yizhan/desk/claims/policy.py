"""Which addresses a sentence claims."""

from __future__ import annotations

from yizhan.foundation.errors import Invalid
from yizhan.foundation.text import pii
from yizhan.records.contacts import mask, normalise

_MOST = 3  # somebody who pastes a list claims none of it
_KINDS = {pii.Kind.EMAIL: "email", pii.Kind.PHONE: "phone"}


def claimed(text: str) -> list[tuple[str, str, str]]:
    """(kind, value, masked) of each mail address and phone number in what a visitor wrote."""
    found: dict[tuple[str, str], str] = {}
    for span in pii.find(text):
        kind = _KINDS.get(span.kind)
        if kind is None:
            continue
        try:
            value = normalise(kind, span.value)
        except Invalid:
            continue  # looks like one and cannot be one: he claims nothing by it
        found[kind, value] = mask(kind, value)
    return [(kind, value, masked) for (kind, value), masked in found.items()] if len(found) <= _MOST else []
