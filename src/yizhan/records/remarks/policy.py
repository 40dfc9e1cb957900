"""How tags and remarks are written. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from yizhan.foundation.errors import Invalid
from yizhan.records.remarks.model import MOST_TAGS

LONGEST_TAG = 20
LONGEST_REMARK = 1000


def written_tag(given: str) -> str:
    """One line, single spaces, full-width letters as plain ones."""
    tag = " ".join(unicodedata.normalize("NFKC", given).split())
    if not tag or len(tag) > LONGEST_TAG:
        raise Invalid(f"a tag has 1 to {LONGEST_TAG} characters", "add")
    _ensure_storable(tag, "add")
    return tag


def written_remark(given: str) -> str:
    text = given.strip()
    if not text or len(text) > LONGEST_REMARK:
        raise Invalid(f"a remark has 1 to {LONGEST_REMARK} characters", "text")
    _ensure_storable(text.replace("\n", " ").replace("\r", " ").replace("\t", " "), "text")
    return text


def ensure_room(before: Sequence[str], add: Sequence[str], remove: Sequence[str]) -> None:
    if len((set(before) | set(add)) - set(remove)) > MOST_TAGS:
        raise Invalid(f"a customer has at most {MOST_TAGS} tags", "add")


def _ensure_storable(text: str, field: str) -> None:
    if any(unicodedata.category(each) in ("Cc", "Cs") for each in text):
        raise Invalid("control characters cannot be kept", field)
