"""The rules in force, compiled, and what they say of a complaint, a payment, an outside case. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from yizhan.desk.complaints.documents import SAFETY, ComplaintRules, Grading, condition_of
from yizhan.desk.complaints.kind import COMPLAINTS, SHIPPED, WORKDAYS
from yizhan.foundation.calendar import Calendar
from yizhan.foundation.conditions import compile_closure
from yizhan.foundation.errors import Invalid
from yizhan.records.cases import Deadline, Source
from yizhan.records.compensations import Allowed, within
from yizhan.records.complaints import LADDER, Clock, ClockKind, Grade, LadderStep, graver
from yizhan.records.config import CALENDAR, DEFAULT, FaultLog, Published

Facts = Mapping[str, object]
Check = Callable[[Facts], bool]
_OLDEST_CASE = timedelta(days=366)


class Failure(msgspec.Struct, frozen=True):
    """A rule that broke on these facts: it is left out, and said."""

    rule: str
    error: str


class Judgement(msgspec.Struct, frozen=True):
    grade: Grade
    causes: tuple[str, ...]
    product: str | None
    failures: tuple[Failure, ...] = ()


class Rulebook:
    """One release. `source` names the document all this is from."""

    def __init__(
        self, rules: ComplaintRules = SHIPPED, source: str = "built-in", calendar: Calendar | None = None,
        calendar_source: str = "workdays", faults: FaultLog | None = None,
    ) -> None:  # fmt: skip
        self.rules = rules
        self.source = source
        self.faults = FaultLog() if faults is None else faults
        self._calendar = calendar
        self.calendar_source = calendar_source
        self.steps = frozenset(LadderStep(rung.step) for rung in rules.ladder)
        self._grading: list[tuple[Grading, Check]] = [
            (rule, compile_closure(condition_of(rule))) for rule in rules.grading if rule.enabled
        ]

    @property
    def calendar(self) -> Calendar:
        """Public holidays are loaded when a deadline is asked for, not when the product starts."""
        return self._calendar or WORKDAYS.calendar

    @property
    def titles(self) -> dict[str, str]:
        """What departments and products are called."""
        departments = {each.key: each.title.zh for each in self.rules.departments}
        return departments | {each.key: each.title.zh for each in self.rules.products}

    def judge(self, facts: Facts) -> Judgement:
        """The gravest grade of all rules that hold, with every cause."""
        grade, causes, failures = Grade.ORDINARY, [], []
        for rule, holds in self._grading:
            try:
                if not holds(facts):
                    continue
            except Exception as error:
                failures.append(Failure(rule.key, repr(error)[:200]))
                continue
            grade = graver(grade, rule.grade)
            causes.append(rule.key)
        if len(causes) > 1 and SAFETY in causes:
            causes.remove(SAFETY)  # a named danger says more
        return Judgement(grade, tuple(causes), self.product_in(str(facts.get("text") or "")), tuple(failures))

    def product_in(self, text: str) -> str | None:
        """The product that is named first."""
        words = text.lower()
        found = [
            (at, product.key) for product in self.rules.products for word in product.words
            if (at := words.find(word.lower())) >= 0
        ]  # fmt: skip
        return min(found)[1] if found else None

    def clocks(self, grade: Grade, since: datetime) -> list[Clock]:
        spans = self.rules.clocks_of(grade)
        minutes = {
            ClockKind.FIRST_CONTACT: spans.first_contact, ClockKind.PLAN: spans.plan, ClockKind.CLOSE: spans.close,
        }  # fmt: skip
        share = self.rules.warn_percent / 100
        return [
            Clock(kind, since + timedelta(minutes=many), since + timedelta(minutes=many * share))
            for kind, many in minutes.items()
        ]

    def deadline(self, source: Source, received_on: date, now: datetime) -> Deadline:
        """The end of the last working day; the day of receipt is not counted."""
        today = self.calendar.local_date(now)
        if not today - _OLDEST_CASE <= received_on <= today:
            raise Invalid("a day of the last year, not after today", "received_on")
        days = self.rules.working_days.get(source)
        if days is None:
            raise Invalid(f"the rules say no deadline for {source}", "source")
        on = self.calendar.add_working_days(received_on, days)
        end = self.calendar.close_of(on) or datetime.combine(on, time(23, 59), self.calendar.zone)
        return Deadline(days, on, end.astimezone(UTC), self.calendar_source)

    def warns_at(self, deadline: Deadline) -> datetime:
        """So many working days before, when that day opens."""
        day, left = deadline.on, self.rules.warn_days
        while left > 0:
            day -= timedelta(days=1)
            left -= self.calendar.is_working_day(day)
        morning = self.calendar.next_open(datetime.combine(day, time(0), self.calendar.zone))
        return min(morning.astimezone(UTC), deadline.at)

    def limit_fen(self, role: str) -> int | None:
        """What a role may grant; None without limit. A role that is not named may grant nothing."""
        limit = self.rules.limits.get(role, 0)
        return None if limit is None else limit * 100

    def allowed(self, role: str, total_fen: int) -> Allowed:
        """And who, with the smallest limit that is enough, may grant it otherwise; of equal ones the first."""
        enough = [
            (limit is None, limit or 0, place, key) for place, (key, limit) in enumerate(self.rules.limits.items())
            if within(total_fen, None if limit is None else limit * 100)
        ]  # fmt: skip
        return Allowed(self.limit_fen(role), min(enough)[3] if enough else None)


class RuleHolder:
    """The release in force in this process; switched whole."""

    def __init__(self) -> None:
        self.faults = FaultLog()
        self.now = Rulebook(faults=self.faults)

    def take(self, published: Published) -> None:
        rules = published.find(COMPLAINTS, DEFAULT)
        if rules is None:
            self.now = Rulebook(faults=self.faults)
            return
        source = f"complaints/{DEFAULT}@{published.document(COMPLAINTS.name, DEFAULT).version}"
        if rules.calendar is None:
            self.now = Rulebook(rules, source, faults=self.faults)
            return
        version = published.document(CALENDAR.name, rules.calendar).version
        calendar = published.get(CALENDAR, rules.calendar).calendar
        self.now = Rulebook(rules, source, calendar, f"{rules.calendar}@{version}", self.faults)


def step_of_role(role: str) -> LadderStep | None:
    """The step of the ladder on which somebody of this preset role stands."""
    return LadderStep(role) if role in LADDER and role != LadderStep.HANDLER else None
