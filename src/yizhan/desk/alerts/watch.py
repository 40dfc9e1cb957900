"""The watch: each second the rules in force are held against the live metrics, by one process of all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.alerts import policy, service, store
from yizhan.desk.alerts.documents import ALERT_RULE, AlertRule
from yizhan.desk.alerts.model import Alert
from yizhan.desk.alerts.policy import Step
from yizhan.desk.metrics import Figures
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import DATABASE_TROUBLE, Database, Tx
from yizhan.foundation.ids import new_id
from yizhan.foundation.lease import Lease, LeaseLost
from yizhan.foundation.log import get_logger
from yizhan.records.config import FaultLog, Published

log = get_logger(__name__)

_LOOK_SECONDS = 1.0

Read = Callable[[datetime], Figures | None]
"""None while the numbers are not yet counted."""


class AlertWatch:
    """A look costs one small query, and a write only where something began, was told or ended."""

    def __init__(
        self, db: Database, clock: Clock, lease: Lease, published: Callable[[], Published], read: Read
    ) -> None:
        self._db = db
        self._clock = clock
        self._lease = lease
        self._published = published
        self._read = read
        self._faults = FaultLog()
        self._ids: tuple[int, dict[str, frozenset[str] | None]] = (-1, {})

    async def run(self) -> None:
        """Until cancelled."""
        async with self._lease:
            while True:
                await self._lease.acquired()
                try:
                    await self.look()
                except LeaseLost:
                    log.warning("alerts.lease_lost")
                except DATABASE_TROUBLE as error:
                    log.warning("alerts.wait_for_database", error=repr(error))
                await asyncio.sleep(_LOOK_SECONDS)

    async def look(self) -> None:
        now, published = self._clock.now(), self._published()
        figures = self._read(now)
        if figures is None:
            return
        rules = published.all(ALERT_RULE)
        async with self._db.read() as tx:
            known = await store.open_alerts(tx)
            if self._ids[0] != published.number:
                self._ids = published.number, await _wanted(tx, rules)
        for alert in policy.gone(rules, known):
            await self._end(alert, now)
        for name, rule in rules.items():
            if not rule.on:
                continue
            mine = {each.place: each for each in known if each.rule == name and each.metric == rule.metric}
            try:
                await self._hold(name, rule, mine, figures, published, now)
            except (*DATABASE_TROUBLE, LeaseLost):
                raise
            except Exception as error:
                self._skip(name, published, error)
        if self._faults:
            async with self._db.transaction() as tx:
                await self._faults.tell(tx, actor="alerts", now=now)

    async def _hold(
        self, name: str, rule: AlertRule, known: Mapping[str, Alert], figures: Figures, published: Published,
        now: datetime,
    ) -> None:  # fmt: skip
        values = policy.readings(rule, figures, self._ids[1].get(name))
        version = published.document(ALERT_RULE.name, name).version
        for place, alert in known.items():
            moved = policy.advance(rule, alert, values.get(place), now)
            await self._save(alert, moved, rule, now)
        for place, value in values.items():
            if place not in known and rule.is_beyond(value):
                alert = policy.fresh(new_id(now), name, version, rule, place, value, now)
                await self._save(None, policy.advance(rule, alert, value, now), rule, now)

    async def _save(self, before: Alert | None, moved: Step, rule: AlertRule, now: datetime) -> None:
        after = moved.alert
        if after is not None and before is not None and moved.tells is None and not policy.differs(before, after):
            return
        async with self._db.transaction() as tx:
            await self._lease.check(tx)
            if after is None:
                if before is not None:
                    await store.drop(tx, before.id)
                return
            saved = await store.put(tx, after)
            if saved is not None and moved.tells is not None:
                await service.tell(tx, saved, rule, moved.tells, now)

    async def _end(self, alert: Alert, now: datetime) -> None:
        """Without its rule nobody can say that it is over; it only is not watched any more."""
        async with self._db.transaction() as tx:
            await self._lease.check(tx)
            if alert.fired_at is None:
                await store.drop(tx, alert.id)
                return
            saved = await store.put(tx, msgspec.structs.replace(alert, ended_at=now))
            if saved is not None:
                await service.unwatched(tx, saved, now)

    def _skip(self, name: str, published: Published, error: Exception) -> None:
        """Told once for each version of the rule; the others go on."""
        version = published.document(ALERT_RULE.name, name).version
        self._faults.note(ALERT_RULE.name, f"{ALERT_RULE.name}/{name}@{version}", "", error)


async def _wanted(tx: Tx, rules: Mapping[str, AlertRule]) -> dict[str, frozenset[str] | None]:
    """Documents name teams and inboxes by key, figures by id."""
    named = await store.places(tx) if any(rule.only for rule in rules.values()) else []
    ids: dict[tuple[str, str], UUID] = {(each.kind, each.key): each.id for each in named}

    def of(rule: AlertRule) -> frozenset[str] | None:
        if not rule.only:
            return None
        return frozenset(key if rule.scope == "channel" else str(ids.get((rule.scope, key))) for key in rule.only)

    return {name: of(rule) for name, rule in rules.items()}
