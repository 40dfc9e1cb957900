"""How a member code is written. Pure."""

from __future__ import annotations

import re
import unicodedata

from yizhan.foundation.errors import Invalid
from yizhan.records.counter.model import NewVisit

CODE_DIGITS = 10
"""Guessing one of a thousand that count just now takes ten million tries, and each is somebody's at a counter."""
MARK = "YZM"
"""What a picture begins with, so that other pictures are not taken for codes."""
_CODE = re.compile(rf"(?:{MARK})?([0-9]{{{CODE_DIGITS}}})", re.I)
_MOST_PURPOSE = 80
_MOST_NOTE = 1_000


def digits_of(shown: str) -> str | None:
    """The digits of a member code as it was scanned or typed; None where it is something else."""
    found = _CODE.fullmatch(re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", shown)))
    return found[1] if found else None


def check_visit(new: NewVisit) -> None:
    if not new.purpose.strip() or len(new.purpose) > _MOST_PURPOSE:
        raise Invalid(f"say in 1 to {_MOST_PURPOSE} characters what the customer came for", "purpose")
    if len(new.note) > _MOST_NOTE:
        raise Invalid(f"a note has at most {_MOST_NOTE} characters", "note")
