"""A file of a segment's members: nothing in it runs in a spreadsheet, nothing that is not masked on a screen."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from yizhan.desk.segments.fields import SEGMENT_FIELDS
from yizhan.desk.segments.model import MemberCard
from yizhan.foundation.text import plain_cell
from yizhan.records.profiles import shown_moment

_FIRST = {"zh": ("客户编号", "姓名", "身份标识"), "en": ("Customer", "Name", "Identifiers")}
_YES = {"zh": ("是", "否"), "en": ("yes", "no")}


def head(language: str) -> bytes:
    """With the mark by which spreadsheets know the encoding."""
    titles = [field.zh if language == "zh" else field.en for field in SEGMENT_FIELDS]
    return b"\xef\xbb\xbf" + _line([*_FIRST[language], *titles])


def lines(cards: Sequence[MemberCard], language: str, zone: ZoneInfo) -> bytes:
    return b"".join(
        _line([
            str(card.id), card.name, " ".join(card.identifiers),
            *(_cell(card.facts[field.name], language, zone) for field in SEGMENT_FIELDS),
        ])
        for card in cards
    )  # fmt: skip


def _cell(value: object, language: str, zone: ZoneInfo) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _YES[language][0 if value else 1]
    if isinstance(value, datetime):
        return shown_moment(value, zone)
    if isinstance(value, list):
        return " ".join(map(str, value))
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _line(cells: Sequence[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow([plain_cell(cell) for cell in cells])
    return out.getvalue().encode()
