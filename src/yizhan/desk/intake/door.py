"""What comes in is made storable and bounded before anything else is done with it. Pure."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from yizhan.desk.intake.model import InboundMessage
from yizhan.foundation.text import clean, pii

_MOST_TEXT = 100_000
_MOST_NUMBER = 2**62
_MOST_READ = 2_000  # characters looked through for an order's number
_ORDER_WORD = re.compile(r"订单|\border\b", re.I)
_WORDS = (
    ("html", None), ("quoted", None), ("subject", 500), ("external_id", None), ("client_id", None), ("locale", 35),
)  # fmt: skip


def bounded(m: InboundMessage) -> InboundMessage:
    """U+0000 and lone surrogates go at the edge; text has a size limit and says when it was cut.

    A sender's clock may be wrong: nothing was said after it arrived.
    """
    text = clean(m.text)
    if len(text) > _MOST_TEXT:
        text = text[:_MOST_TEXT] + "…"
    changed: dict[str, Any] = {
        "text": text,
        "name": clean(m.name)[:80] or "访客",
        "order_no": _cleaned(m.order_no, 60) or order_named(f"{m.subject} {text}" if m.subject else text),
        "at": min(m.at, m.received_at) if m.at.tzinfo else m.received_at,
        "ticket_number": m.ticket_number if 0 < (m.ticket_number or 0) < _MOST_NUMBER else None,
    }
    for name, most in _WORDS:
        said = getattr(m, name)
        if said is not None:
            changed[name] = _cleaned(said, most)
    value, masked = clean(m.sender.value), clean(m.sender.masked)
    if value is not m.sender.value or masked is not m.sender.masked:
        changed["sender"] = msgspec.structs.replace(m.sender, value=value, masked=masked)
    if m.attachments:
        changed["attachments"] = tuple(msgspec.structs.replace(a, name=clean(a.name)[:200]) for a in m.attachments)
    return msgspec.structs.replace(m, **changed)


def order_named(text: str) -> str | None:
    """The one order a message names. Two orders, or a bare number that may be a parcel's, name none."""
    text = text[:_MOST_READ]
    if "订单" not in text and "order" not in text.lower():
        return None
    found = {span.value for span in pii.find(text) if span.kind is pii.Kind.ORDER and _named(text, span.start)}
    return found.pop()[:60] if len(found) == 1 else None


def _named(text: str, start: int) -> bool:
    return _ORDER_WORD.search(text[max(start - 12, 0) : start + 1]) is not None


def _cleaned(text: str | None, most: int | None = None) -> str | None:
    return clean(text)[:most] or None if text else None
