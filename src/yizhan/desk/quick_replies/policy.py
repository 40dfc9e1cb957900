"""The gaps of a reply: which there are, what stands in them, and that none is sent. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from yizhan.desk.quick_replies.model import GAPS, Known
from yizhan.foundation.errors import Invalid

_GAP = re.compile(r"\{\{\s*([^{}\n]{1,40}?)\s*\}\}")
_NAMES = {called.lower(): key for key, names in GAPS.items() for called in (key, *names)}


class Unfilled(Invalid):
    """A gap of a quick reply is still open: the customer must never read {{…}}."""

    code = "unfilled"


def gaps_in(text: str) -> list[str]:
    """By their keys, each once, in the order they come; one that nobody knows by its own name."""
    return list(dict.fromkeys(_NAMES.get(name.lower(), name) for name in _GAP.findall(text)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """What is known stands in its gap; the others stay as they are."""
    return _GAP.sub(lambda gap: values.get(_NAMES.get(gap[1].lower(), ""), gap[0]), text)


def check_gaps(text: str, place: str) -> None:
    """Raises Invalid for a gap that nothing fills."""
    for gap in gaps_in(text):
        if gap not in GAPS:
            raise Invalid(f"nothing fills the gap {gap}", place)


def ensure_filled(text: str) -> None:
    """Of what a customer is about to read. Other braces are his own business."""
    if left := [gap for gap in gaps_in(text) if gap in GAPS]:
        raise Unfilled(f"fill in first: {', '.join(GAPS[gap][0] for gap in left)}", "text")


def values_of(known: Known, locale: str) -> dict[str, str]:
    """By gap, as a customer reads it; what is not known is left out."""
    on = known.arrival
    said = None if on is None else f"{on:%B} {on.day}" if locale == "en" else f"{on.month}月{on.day}日"
    values = {
        "customer": known.customer, "order": known.order, "arrival": said, "carrier": known.carrier,
        "parcel": known.parcel, "agent": known.agent, "inbox": known.inbox, "brand": known.brand,
        "ticket": str(known.ticket) if known.ticket else None,
    }  # fmt: skip
    return {key: value for key, value in values.items() if value}
