"""The policies in force, compiled, and every version of a policy or calendar that a running target still keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

import msgspec

from yizhan.desk.sla import store
from yizhan.desk.sla.documents import SlaPolicy
from yizhan.desk.sla.faults import SLA_POLICY, STANDARD
from yizhan.desk.sla.model import Target
from yizhan.desk.sla.policy import Terms
from yizhan.desk.sla.timing import Timepiece
from yizhan.desk.views import WorkFacts
from yizhan.foundation.calendar import Calendar, CalendarDocument
from yizhan.foundation.conditions import compile_closure, fields_used
from yizhan.foundation.db import Tx, is_transient
from yizhan.foundation.errors import NotFound
from yizhan.records.config import CALENDAR, DEFAULT, SERVICE_HOURS, FaultLog, Published, house_calendar

BUILT_IN = 0  # the version of what is not a document


class Rulebook:
    """One release: the terms by their order, each with its condition."""

    def __init__(self, published: Published, faults: FaultLog | None = None) -> None:
        self.faults = FaultLog() if faults is None else faults
        self.number = published.number
        self.hours = _hours(published, self.faults)
        self.terms = _terms(published, self.faults)
        self.fields = frozenset[str]().union(*(fields_used(each.policy.condition) for each in self.terms))
        self._rules = [(compile_closure(each.policy.condition), each) for each in self.terms]

    def choose(self, facts: WorkFacts) -> Terms | None:
        """A policy that fails is left out: the next that fits counts."""
        for holds, terms in self._rules:
            try:
                if holds(facts):
                    return terms
            except Exception as error:
                self.faults.note(SLA_POLICY.name, f"{SLA_POLICY.name}/{terms.name}@{terms.version}", "", error)
        return None

    def note(self, name: str, error: str) -> None:
        """What is wrong with a policy in force, or one that was; told by who has a transaction."""
        version = next((each.version for each in self.terms if each.name == name), BUILT_IN)
        self.faults.note(SLA_POLICY.name, f"{SLA_POLICY.name}/{name}@{version}", "", error)

    def working(self, now: datetime) -> bool:
        return self.hours.is_open(now)


def _hours(published: Published, faults: FaultLog) -> Calendar:
    """One that cannot be read any more, as of a country that is no longer known, is that of a new house."""
    try:
        return house_calendar(published)
    except Exception as error:
        faults.note(CALENDAR.name, _source(CALENDAR.name, DEFAULT, published), "", error)
        return SERVICE_HOURS.calendar


def _source(kind: str, name: str, published: Published) -> str:
    return f"{kind}/{name}@{published.document(kind, name).version}"


def _terms(published: Published, faults: FaultLog) -> list[Terms]:
    """Before the first release of a new house the standard policy is in force."""
    if published.number == 0:
        return [Terms(DEFAULT, BUILT_IN, 0, STANDARD, (DEFAULT, BUILT_IN), Timepiece(SERVICE_HOURS.calendar))]
    policies = published.all(SLA_POLICY).items()
    ordered = sorted(policies, key=lambda each: (each[1].order, each[0]))
    found: list[Terms] = []
    for name, policy in ordered:
        try:
            found.append(_term(published, name, policy))
        except Exception as error:
            faults.note(SLA_POLICY.name, _source(SLA_POLICY.name, name, published), "", error)
    return found


def _term(published: Published, name: str, policy: SlaPolicy) -> Terms:
    version = published.document(SLA_POLICY.name, name).version
    if policy.calendar is None:
        return Terms(name, version, published.number, policy, None, Timepiece())
    time = policy.calendar, published.document(CALENDAR.name, policy.calendar).version
    clock = Timepiece(published.get(CALENDAR, policy.calendar).calendar)
    return Terms(name, version, published.number, policy, time, clock)


class Versions:
    """Policies and calendars as targets keep them: a version never changes, so each is read once."""

    def __init__(self) -> None:
        self._calendars: dict[tuple[str, int], CalendarDocument] = {}
        self._policies: dict[tuple[str, int], SlaPolicy] = {}

    async def calendar(self, tx: Tx, name: str, version: int) -> CalendarDocument:
        if (name, version) not in self._calendars:
            document = SERVICE_HOURS
            if version != BUILT_IN:
                document = msgspec.convert(await _body(tx, CALENDAR.name, name, version), CalendarDocument)
            self._calendars[name, version] = document
        return self._calendars[name, version]

    async def policy(self, tx: Tx, name: str, version: int) -> SlaPolicy:
        if (name, version) not in self._policies:
            policy = STANDARD
            if version != BUILT_IN:
                policy = msgspec.convert(await _body(tx, SLA_POLICY.name, name, version), SlaPolicy)
            self._policies[name, version] = policy
        return self._policies[name, version]

    async def clock(self, tx: Tx, target: Target) -> Timepiece:
        return Timepiece() if target.time is None else Timepiece((await self.calendar(tx, *target.time)).calendar)


class Library:
    """`published` gives the release in force; its rules are compiled once."""

    def __init__(self, published: Callable[[], Published]) -> None:
        self.versions = Versions()
        self.faults = FaultLog()
        self._published = published
        self._rulebook: Rulebook | None = None

    def rulebook(self) -> Rulebook:
        published = self._published()
        if self._rulebook is None or self._rulebook.number != published.number:
            self._rulebook = Rulebook(published, self.faults)
        return self._rulebook

    def note(self, target: Target, error: Exception | str, rule: str = "") -> None:
        """What its policy asks for fails: left out, and told by who has a transaction."""
        self.faults.note(SLA_POLICY.name, f"{SLA_POLICY.name}/{target.policy}@{target.policy_version}", rule, error)

    async def _clock(self, tx: Tx, target: Target, rules: Rulebook) -> Timepiece:
        """A calendar that cannot be read any more holds up nothing: it is counted by the house's hours."""
        try:
            return await self.versions.clock(tx, target)
        except Exception as error:
            if is_transient(error):
                raise
            self.faults.note(CALENDAR.name, f"{CALENDAR.name}/{target.calendar}@{target.calendar_version}", "", error)
            return Timepiece(rules.hours)

    async def clocks(self, tx: Tx, targets: Iterable[Target], rules: Rulebook) -> Callable[[Target], Timepiece]:
        """The clocks of these targets and of these rules: what is released meanwhile is for the next batch."""
        known = {target.time: await self._clock(tx, target, rules) for target in targets}
        known |= {terms.time: terms.clock for terms in rules.terms}
        known[None] = Timepiece()
        return lambda target: known[target.time]


async def _body(tx: Tx, kind: str, name: str, version: int) -> dict[str, object]:
    body = await store.document(tx, kind, name, version)
    if body is None:
        raise NotFound(f"{kind} {name} has no version {version}")
    return body
