"""Cells of tables that leave the house: a spreadsheet must not run what somebody wrote."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def plain_cell(text: str) -> str:
    """Marked as text where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def unmarked_cell(text: str) -> str:
    """What stood there before: a file that left the house may come back."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA) else text
