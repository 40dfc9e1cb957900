"""Answers as a table for other programs: UTF-8 with its mark, times as YYYY-MM-DD HH:MM:SS of the house."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
from zoneinfo import ZoneInfo

from yizhan.desk.nps import HIGH, LOW, Comment
from yizhan.foundation.text import plain_cell

_HEADS = {
    "zh": ("时间", "分数", "分类", "业务线", "渠道", "意见", "客户", "回访工单"),
    "en": ("at", "score", "kind", "brand", "channel", "comment", "customer", "follow-up ticket"),
}
_KINDS = {"zh": ("推荐者", "中立者", "贬损者"), "en": ("promoter", "passive", "detractor")}


def as_csv(rows: Sequence[Comment], zone: ZoneInfo, language: str, *, named: bool) -> bytes:
    out = StringIO()
    table = csv.writer(out)
    table.writerow(_HEADS[language])
    for row in rows:
        kind = 0 if row.score >= HIGH else 2 if row.score <= LOW else 1
        table.writerow([
            f"{row.given_at.astimezone(zone):%Y-%m-%d %H:%M:%S}", row.score, _KINDS[language][kind],
            plain_cell(row.brand_name), row.channel, plain_cell(row.comment),
            plain_cell(row.contact_name) if named else "", row.follow_up_number or "",
        ])  # fmt: skip
    return out.getvalue().encode("utf-8-sig")
