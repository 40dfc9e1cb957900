"""The public days of a year as its readers call them."""

from datetime import date

import pytest

from yizhan.foundation.calendar import countries, public_runs
from yizhan.foundation.errors import Invalid


def test_the_notice_of_2026_by_name() -> None:
    said = {(run.first, run.last): (run.kind, run.zh, run.en) for run in public_runs("CN", None, 2026)}
    assert said[date(2026, 10, 1), date(2026, 10, 7)] == ("holiday", "国庆节", "National Day")
    spring = ("holiday", "农历除夕、春节", "Chinese New Year's Eve, Chinese New Year")
    assert said[date(2026, 2, 15), date(2026, 2, 23)] == spring
    assert [first for (first, _), (kind, *_) in said.items() if kind == "makeup"] == [
        date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20),
        date(2026, 10, 10),
    ]  # fmt: skip
    assert all(zh and en for kind, zh, en in said.values() if kind == "holiday")


def test_of_regions_and_the_usual_ones_in_chinese_everywhere() -> None:
    assert "BY" in countries()["DE"]
    epiphany = [run for run in public_runs("DE", "BY", 2026) if run.first == date(2026, 1, 6)]
    assert [(run.zh, run.en) for run in epiphany] == [("主显节", "Epiphany")]
    us = {run.zh for run in public_runs("US", None, 2026)}
    assert {"元旦", "感恩节", "劳动节"} <= us
    assert not [name for name in us if name.isascii()]
    with pytest.raises(Invalid, match="no public holidays are known"):
        public_runs("XX", None, 2026)
