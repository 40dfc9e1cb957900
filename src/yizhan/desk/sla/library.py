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
from yizhan.foundation.calendar import CalendarDocument
from yizhan.foundation.conditions import compile_closure, fields_used
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import NotFound
from yizhan.records.config import CALENDAR, DEFAULT, SERVICE_HOURS, Published, house_calendar

BUILT_IN = 0  # the version of what is not a document


class Rulebook:
    """One release: the terms by their order, each with its condition."""

    def __init__(self, published: Published) -> None:
        self.number = published.number
        self.hours = house_calendar(published)
        self.terms = _terms(published)
        self.fields = frozenset[str]().union(*(fields_used(each.policy.condition) for each in self.terms))
        self._rules = [(compile_closure(each.policy.condition), each) for each in self.terms]

    def choose(self, facts: WorkFacts) -> Terms | None:
        return next((terms for holds, terms in self._rules if holds(facts)), None)

    def working(self, now: datetime) -> bool:
        return self.hours.is_open(now)


def _terms(published: Published) -> list[Terms]:
    """Before the first release of a new house the standard policy is in force."""
    if published.number == 0:
        return [Terms(DEFAULT, BUILT_IN, 0, STANDARD, (DEFAULT, BUILT_IN), Timepiece(SERVICE_HOURS.calendar))]
    policies = published.all(SLA_POLICY).items()
    ordered = sorted(policies, key=lambda each: (each[1].order, each[0]))
    return [_term(published, name, policy) for name, policy in ordered]


def _term(published: Published, name: str, policy: SlaPolicy) -> Terms:
    version = published.document(SLA_POLICY.name, name).version
    if policy.calendar is None:
        return Terms(name, version, published.number, policy, None, Timepiece())
    time = policy.calendar, published.document(CALENDAR.name, policy.calendar).version
    clock = Timepiece(published.get(CALENDAR, policy.calendar).calendar)
    return Terms(name, version, published.number, policy, time, clock)


class Library:
    """`published` gives the release in force; older versions are read once each."""

    def __init__(self, published: Callable[[], Published]) -> None:
        self._published = published
        self._rulebook: Rulebook | None = None
        self._clocks: dict[tuple[str, int], Timepiece] = {}
        self._policies: dict[tuple[str, int], SlaPolicy] = {}

    def rulebook(self) -> Rulebook:
        published = self._published()
        if self._rulebook is None or self._rulebook.number != published.number:
            self._rulebook = Rulebook(published)
        return self._rulebook

    async def clocks(self, tx: Tx, targets: Iterable[Target]) -> Callable[[Target], Timepiece]:
        """The clocks of these targets; those of the terms in force are known too."""
        plain, known = Timepiece(), dict[tuple[str, int], Timepiece]()
        for target in targets:
            if target.time is not None and target.time not in known:
                known[target.time] = await self.clock(tx, *target.time)
        for terms in self.rulebook().terms:
            if terms.time is not None:
                known[terms.time] = terms.clock
        return lambda target: plain if target.time is None else known[target.time]

    async def clock(self, tx: Tx, name: str, version: int) -> Timepiece:
        if (name, version) not in self._clocks:
            document = SERVICE_HOURS
            if version != BUILT_IN:
                document = msgspec.convert(await _body(tx, CALENDAR.name, name, version), CalendarDocument)
            self._clocks[name, version] = Timepiece(document.calendar)
        return self._clocks[name, version]

    async def policy(self, tx: Tx, name: str, version: int) -> SlaPolicy:
        if (name, version) not in self._policies:
            policy = STANDARD
            if version != BUILT_IN:
                policy = msgspec.convert(await _body(tx, SLA_POLICY.name, name, version), SlaPolicy)
            self._policies[name, version] = policy
        return self._policies[name, version]


async def _body(tx: Tx, kind: str, name: str, version: int) -> dict[str, object]:
    body = await store.document(tx, kind, name, version)
    if body is None:
        raise NotFound(f"{kind} {name} has no version {version}")
    return body
