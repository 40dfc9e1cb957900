"""引用回复: which message a reply answers, in words where the channel cannot say it otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_SHORT = 80
_LINES = 20


def excerpt(text: str, files: Sequence[dict[str, Any]] = ()) -> str:
    """One line of at most 80 characters; of a message without words the name of its file."""
    said = " ".join(text.split()) or next((str(each.get("name") or "") for each in files), "")
    return said if len(said) <= _SHORT else said[: _SHORT - 1] + "…"


def in_words(text: str, answer: str) -> str:
    """「…」 in a line above the answer, as people quote where nothing quotes for them."""
    return f"「{text}」\n{answer}".rstrip() if text else answer


def as_mail(text: str, answer: str) -> str:
    """The words of the mail with > before each line, then the answer; of a long mail its beginning."""
    lines = text.strip().splitlines()
    shown = [*lines[:_LINES], *(["…"] if len(lines) > _LINES else [])]
    return "\n".join([*(f"> {line}".rstrip() for line in shown), "", answer]).rstrip() if shown else answer
