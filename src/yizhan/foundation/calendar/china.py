"""Public holidays and make-up days of mainland China, as announced by the State Council each autumn.

A start for new installations; the calendar page adds the following years.
"""

from datetime import date, timedelta


def _days(first: date, count: int) -> frozenset[date]:
    return frozenset(first + timedelta(days=ahead) for ahead in range(count))


CHINA_HOLIDAYS: frozenset[date] = frozenset().union(
    _days(date(2025, 1, 1), 1),
    _days(date(2025, 1, 28), 8),
    _days(date(2025, 4, 4), 3),
    _days(date(2025, 5, 1), 5),
    _days(date(2025, 5, 31), 3),
    _days(date(2025, 10, 1), 8),
    _days(date(2026, 1, 1), 3),
    _days(date(2026, 2, 15), 9),
    _days(date(2026, 4, 4), 3),
    _days(date(2026, 5, 1), 5),
    _days(date(2026, 6, 19), 3),
    _days(date(2026, 9, 25), 3),
    _days(date(2026, 10, 1), 7),
)
CHINA_MAKE_UP_DAYS: frozenset[date] = frozenset(
    [
        date(2025, 1, 26),
        date(2025, 2, 8),
        date(2025, 4, 27),
        date(2025, 9, 28),
        date(2025, 10, 11),
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    ]
)
