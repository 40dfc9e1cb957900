from datetime import UTC, date, datetime

import msgspec
import pytest

from yizhan.foundation.calendar import CalendarDocument, Span, read_calendar, read_span
from yizhan.foundation.errors import Invalid

OFFICE: dict[str, object] = {
    "tz": "Asia/Shanghai",
    "weekly": {"mon": ["13:30-18:00", "09:30-12:00"], "fri": ["22:00-06:00"], "sat": ["06:00-24:00"]},
    "holidays": ["2026-10-01/2026-10-07", "2026-01-01"],
    "makeup_days": {"2026-10-10": None, "2026-10-11": ["10:00-11:00"]},
}


def test_a_document_becomes_a_calendar() -> None:
    calendar = read_calendar(OFFICE)
    assert calendar.spans(date(2026, 3, 2)) == (Span(570, 720), Span(810, 1080))
    assert calendar.spans(date(2026, 3, 6)) == (Span(1320, 1800),)
    assert calendar.spans(date(2026, 3, 7)) == (Span(360, 1440),)
    assert calendar.spans(date(2026, 10, 5)) == ()
    assert calendar.spans(date(2026, 10, 10)) == calendar.spans(date(2026, 3, 2))
    assert calendar.spans(date(2026, 10, 11)) == (Span(600, 660),)
    assert calendar.is_open(datetime(2026, 3, 2, 2, tzinfo=UTC))


def test_make_up_days_may_be_a_list() -> None:
    calendar = read_calendar(OFFICE | {"makeup_days": ["2026-10-10"]})
    assert calendar.is_working_day(date(2026, 10, 10))


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"tz": None}, "tz"),
        ({"tz": "Asia/Atlantis"}, "tz"),
        ({"weekly": None}, "weekly"),
        ({"weekly": {"monday": []}}, "weekly.monday"),
        ({"weekly": {"mon": "09:30-18:00"}}, "weekly.mon"),
        ({"weekly": {"mon": ["09:30-18:00", "9-18"]}}, "weekly.mon[1]"),
        ({"weekly": {"mon": ["09:30-25:00"]}}, "weekly.mon[0]"),
        ({"weekly": {"mon": ["09:30-18:00", "12:00-13:00"]}}, "weekly.mon"),
        ({"weekly": {"mon": [1]}}, "weekly.mon[0]"),
        ({"holidays": ["2026-02-30"]}, "holidays[0]"),
        ({"holidays": ["2026-10-07/2026-10-01"]}, "holidays[0]"),
        ({"makeup_days": ["soon"]}, "makeup_days[0]"),
        ({"makeup_days": {"2026-10-10": ["x"]}}, "makeup_days.2026-10-10[0]"),
        ({"colour": 1}, "colour"),
        ({"weekly": {}}, "weekly"),
        ({"weekly": {"mon": [], "sun": []}}, "weekly"),
        ({"weekly": {"mon": ["09:30-09:30"]}}, "weekly.mon[0]"),
        ({"weekly": {"fri": ["22:00-06:00"], "sat": ["05:00-09:00"]}}, "weekly.sat"),
        ({"weekly": {"sun": ["22:00-06:00"], "mon": ["05:00-09:00"]}}, "weekly.mon"),
        ({"makeup_days": ["2026-10-02"]}, "makeup_days.2026-10-02"),
        ({"days": {"2026-10-10": []}}, "days.2026-10-10"),
        ({"days": {"2026-10-01": ["09:00-12:00"]}}, "days.2026-10-01"),
        ({"days": {"2026-12-24": ["12:00-09:00", "08:00-13:00"]}}, "days.2026-12-24"),
        ({"country": "ZZ"}, "country"),
        ({"country": 86}, "country"),
        ({"country": "DE", "region": "ZZ"}, "region"),
        ({"region": "BY"}, "region"),
    ],
)
def test_faults_name_their_place(change: dict[str, object], path: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_calendar(OFFICE | change)
    assert refusal.value.field == path


def test_a_country_brings_its_days_and_the_table_wins() -> None:
    document: dict[str, object] = {
        "tz": "Asia/Shanghai",
        "country": "CN",
        "weekly": {name: ["09:30-18:00"] for name in ("mon", "tue", "wed", "thu", "fri")},
    }
    plain = read_calendar(document)
    assert not plain.is_working_day(date(2026, 10, 7))
    assert plain.is_working_day(date(2026, 10, 10))
    mended = read_calendar(
        document
        | {"holidays": ["2026-10-10"], "makeup_days": ["2026-10-07"], "days": {"2026-10-08": ["13:00-15:00"]}}
    )
    assert mended.spans(date(2026, 10, 7)) == (Span(570, 1080),)
    assert mended.spans(date(2026, 10, 8)) == (Span(780, 900),)
    assert mended.spans(date(2026, 10, 10)) == ()


def test_a_released_document_is_read_once() -> None:
    document = msgspec.convert(OFFICE | {"name": {"zh": "售后", "en": "After-sales"}}, CalendarDocument)
    assert document.calendar is document.calendar
    assert document.calendar.spans(date(2026, 3, 2)) == (Span(570, 720), Span(810, 1080))


def test_overlaps_are_explained() -> None:
    with pytest.raises(Invalid, match=r"sat begins at 05:00, while the night of fri runs until 06:00"):
        read_calendar({"tz": "UTC", "weekly": {"fri": ["22:00-06:00"], "sat": ["05:00-09:00"]}})
    with pytest.raises(Invalid, match=r"no working time at all"):
        read_calendar({"tz": "UTC", "weekly": {}})


def test_spans_as_written() -> None:
    assert read_span("9:30 - 18:00") == Span(570, 1080)
    assert read_span("22:00-06:00") == Span(1320, 1800)
    assert read_span("00:00-24:00") == Span(0, 1440)
    for wrong in ("24:00-25:00", "09:60-10:00", "10", "09:30-09:30x"):
        with pytest.raises(Invalid):
            read_span(wrong)
