"""Opening hours as arithmetic: is it open, when next, how much open time lies between, when is it used up."""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from yizhan.foundation.calendar.country import PublicDays
from yizhan.foundation.calendar.span import Span, in_order
from yizhan.foundation.calendar.when import say_when
from yizhan.foundation.errors import DomainError, Invalid

_HORIZON = 800  # days without any opening after which it will never open
_REMEMBERED = 4_000  # days
_LAST_DAY = date(9990, 1, 1)


class NeverOpen(DomainError):  # noqa: N818 - the words of the domain
    """The calendar has no opening in the next two years."""

    code: ClassVar[str] = "calendar_never_open"


class Calendar:
    """Immutable. Times go in and come out as instants (aware, answers in UTC).

    `weekly` holds the spans of each weekday (0 is Monday). A make-up day has its own spans, or those of the first
    working weekday, and wins over a holiday; a holiday has none. Both win over the `public` days of the country. A
    night span that began the day before a holiday runs to its end.
    """

    def __init__(
        self,
        tz: str,
        weekly: Mapping[int, Collection[Span]],
        holidays: Collection[date] = (),
        makeup_days: Mapping[date, Collection[Span] | None] | None = None,
        public: PublicDays | None = None,
    ) -> None:
        try:
            self.zone = ZoneInfo(tz)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise Invalid(f"unknown time zone {tz}", "tz") from None
        if unknown := set(weekly) - set(range(7)):
            raise Invalid(f"no weekday {min(unknown)}", "weekly")
        self.tz = tz
        self._weekly = {weekday: in_order(weekly.get(weekday, ())) for weekday in range(7)}
        self._usual = next((spans for spans in self._weekly.values() if spans), ())
        self._holidays = frozenset(holidays)
        self._makeup = {
            day: self._usual if spans is None else in_order(spans) for day, spans in (makeup_days or {}).items()
        }
        self._public = public
        self._days: dict[date, tuple[tuple[datetime, datetime], ...]] = {}

    def is_open(self, t: datetime) -> bool:
        at = _instant(t)
        opening = next(self._openings(at), None)
        return opening is not None and opening[0] <= at

    def next_open(self, t: datetime) -> datetime:
        """`t` itself when it is open."""
        at = _instant(t)
        opening = next(self._openings(at), None)
        if opening is None:
            raise NeverOpen
        return max(opening[0], at)

    def next_close(self, t: datetime) -> datetime:
        """When the opening that runs at `t`, or else the next one, ends; spans that touch are one opening."""
        at = _instant(t)
        close: datetime | None = None
        for start, end in self._openings(at):
            if close is not None and (start > close or end - at > timedelta(days=_HORIZON)):
                return close
            close = end
        if close is None:
            raise NeverOpen
        return close

    def add_open(self, t: datetime, delta: timedelta) -> datetime:
        """The earliest instant with `delta` of open time since `t`: a target ends at closing, not at next opening."""
        if delta < timedelta():
            raise Invalid("open time cannot be taken back")
        at, left = _instant(t), delta
        if not delta:
            return at
        for start, end in self._openings(at):
            begin = max(start, at)
            if left <= end - begin:
                return begin + left
            left -= end - begin
        raise NeverOpen

    def open_between(self, a: datetime, b: datetime) -> timedelta:
        """Open time from `a` to `b`; negative when `b` is the earlier."""
        first, last = _instant(a), _instant(b)
        if last < first:
            return -self.open_between(b, a)
        return sum((end - start for start, end in self.openings(first, last)), timedelta())

    def spans(self, day: date) -> tuple[Span, ...]:
        """The opening hours of a local day, after holidays and make-up days."""
        if day in self._makeup:
            return self._makeup[day]
        if day in self._holidays:
            return ()
        if self._public is not None:
            if self._public.makeup(day):
                return self._usual
            if self._public.holiday(day):
                return ()
        return self._weekly[day.weekday()]

    def special(self, day: date) -> Literal["holiday", "makeup"] | None:
        """What a local day is beside its weekday: nobody works, or everybody although it is a weekend."""
        public = self._public
        if day in self._makeup:
            return "makeup" if self._makeup[day] else "holiday"
        if day in self._holidays:
            return "holiday"
        if public is not None and public.makeup(day):
            return "makeup"
        return "holiday" if public is not None and public.holiday(day) else None

    def openings(self, a: datetime, b: datetime) -> list[tuple[datetime, datetime]]:
        """The stretches of open time between two instants, in order."""
        first, last = _instant(a), _instant(b)
        found = []
        for start, end in self._openings(first):
            if start >= last:
                break
            found.append((max(start, first), min(end, last)))
        return found

    def is_working_day(self, day: date) -> bool:
        return bool(self.spans(day))

    def local_date(self, t: datetime) -> date:
        return t.astimezone(self.zone).date()

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, as deadlines of authorities are counted: the day itself is not."""
        passed = barren = 0
        while passed < count:
            day += timedelta(days=1)
            barren += 1
            if self.is_working_day(day):
                passed, barren = passed + 1, 0
            if barren > _HORIZON:
                raise NeverOpen
        return day

    def close_of(self, day: date) -> datetime | None:
        """When the last span of a local day ends; None on a day that has none."""
        return max((end for _, end in self._day(day)), default=None)

    def describe_next_open(self, t: datetime, locale: str) -> str:
        """`明早 9:30`, `tomorrow 9:30`; `现在` or `now` while it is open."""
        if self.is_open(t):
            return "现在" if locale.lower().startswith("zh") else "now"
        return say_when(self.next_open(t), t, self.zone, locale)

    def _openings(self, t: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Openings that end after `t`, in order, never overlapping; ends after two years without one."""
        day = self.local_date(t) - timedelta(days=2)
        until: datetime | None = None
        barren = 0
        while barren < _HORIZON and day < _LAST_DAY:
            barren += 1
            for start, end in self._day(day):
                begin = start if until is None else max(start, until)
                if begin < end:
                    until = end
                    if end > t:
                        barren = 0
                        yield begin, end
            day += timedelta(days=1)

    def _day(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        known = self._days.get(day)
        if known is None:
            instants = ((self._at(day, span.start), self._at(day, span.end)) for span in self.spans(day))
            # A span that falls into the hour skipped in spring has no length.
            known = tuple((start, end) for start, end in instants if start < end)
            if len(self._days) >= _REMEMBERED:
                self._days.clear()
            self._days[day] = known
        return known

    def _at(self, day: date, minutes: int) -> datetime:
        """A wall clock time that happens twice is its first time; one that is skipped, as far behind the skip."""
        wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
        return wall.replace(tzinfo=self.zone).astimezone(UTC)


def _instant(t: datetime) -> datetime:
    """In UTC, since times of one zone are compared and subtracted by their wall clocks, which jump."""
    if t.utcoffset() is None:
        raise ValueError("a time without its zone")
    return t.astimezone(UTC)
