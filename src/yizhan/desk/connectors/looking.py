"""Looking a customer up while an agent opens him: in three seconds or not at all, and never twice at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from yizhan.desk.connectors import policy, service, store
from yizhan.desk.connectors.calling import Caller
from yizhan.desk.connectors.documents import CONNECTOR, By, Connector
from yizhan.desk.connectors.mapping import Asked, read_answer
from yizhan.desk.connectors.model import CallFailed, Counts, Freshness, Looked, Outage, State
from yizhan.desk.sources import ProfileRules
from yizhan.foundation.clock import Clock
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.ids import new_id
from yizhan.foundation.log import get_logger
from yizhan.records import contacts
from yizhan.records.config import Published
from yizhan.records.contacts import Identifier

log = get_logger(__name__)

_OWN_NUMBER = "external"
_NATIONAL = "+86"


class _Key(NamedTuple):
    asked: Asked
    values: dict[str, str]


class Lookups:
    def __init__(
        self, db: Database, clock: Clock, vault: Vault, caller: Caller, published: Callable[[], Published],
        rules: Callable[[], ProfileRules],
    ) -> None:  # fmt: skip
        self._db = db
        self._clock = clock
        self._vault = vault
        self._caller = caller
        self._published = published
        self._rules = rules

    async def known(self, tx: Tx, contact_id: UUID) -> list[Looked]:
        """How the sources stand with this customer, without asking any."""
        sources, now = self._sources(), self._clock.now()
        states = await store.states(tx, list(sources))
        looks = await store.looks(tx, contact_id)
        return [
            _looked(name, each, states[name], looks.get(name),
                    policy.freshness(each, looks.get(name), states[name], now) or policy.awaited(states[name]))
            for name, each in sources.items()
        ]  # fmt: skip

    async def look_up(self, contact_id: UUID) -> list[Looked]:
        """Asks those whose answer has grown old, all at once. What they tell is taken in before this returns."""
        return list(await asyncio.gather(*(
            self._look(name, connector, contact_id) for name, connector in self._sources().items()
        )))  # fmt: skip

    def _sources(self) -> dict[str, Connector]:
        found = self._published().all(CONNECTOR)
        return {name: each for name, each in sorted(found.items()) if each.on and each.look_up is not None}

    async def _look(self, name: str, connector: Connector, contact_id: UUID) -> Looked:
        now = self._clock.now()
        async with self._db.transaction() as tx:
            state = (await store.states(tx, [name]))[name]
            looked_at = (await store.looks(tx, contact_id)).get(name)
            settled = policy.freshness(connector, looked_at, state, now)
            if settled is not None:
                return _looked(name, connector, state, looked_at, settled)
            key = await self._key(tx, connector, contact_id, now)
            if key is None:
                return _looked(name, connector, state, looked_at, Freshness.UNASKED)
            if not await store.claim_look(tx, name, contact_id, now, now - policy.IN_HAND):
                return _looked(name, connector, state, looked_at, policy.awaited(state))
            if not await store.claim_call(tx, name, now.replace(second=0, microsecond=0), connector.per_minute):
                await store.unclaim(tx, name, contact_id)
                return _looked(name, connector, state, looked_at, Freshness.STALE, Outage.LIMITED)
            secrets = await store.secrets_of(tx, self._vault, name)
        return await self._ask(name, connector, contact_id, key, secrets, looked_at)

    async def _ask(
        self, name: str, connector: Connector, contact_id: UUID, key: _Key, secrets: dict[str, str],
        looked_at: datetime | None,
    ) -> Looked:  # fmt: skip
        assert connector.look_up is not None
        failure, counts, rules = None, Counts(), self._rules()
        started = self._clock.now()
        try:
            answer = await self._caller.ask(connector, secrets, connector.look_up, key.values, policy.LOOK_SECONDS)
            mapped = (
                read_answer(answer, connector, rules.zone, self._clock.now(), key.asked) if answer is not None else None
            )
        except CallFailed as failed:
            failure, mapped = failed, None
            log.info("connector.not_answered", connector=name, cause=str(failed.cause))
        async with self._db.transaction() as tx:
            now = self._clock.now()
            if failure is None:
                if mapped is not None:
                    counts = await service.take_in(tx, self._vault, connector, mapped, rules, now)
                await store.looked(tx, name, contact_id, now)
                looked_at = now
            else:
                await store.unclaim(tx, name, contact_id)
            run = new_id(now)
            await store.begin_run(tx, run, name, "open", started, contact_id)
            await store.move_run(tx, run, now, None, 1 if failure is None else 0, counts)
            await store.end_run(tx, run, now, failure)
            state = await service.settle(tx, name, connector, failure, now)
        return _looked(name, connector, state, looked_at, Freshness.STALE if failure else Freshness.FRESH)

    async def _key(self, tx: Tx, connector: Connector, contact_id: UUID, now: datetime) -> _Key | None:
        """Only by what he has proved here: who says a stranger's number shall not see the stranger's orders."""
        assert connector.look_up is not None
        kinds = [by.kind for by in connector.look_up.by]
        found = await store.addresses(tx, contact_id, kinds)
        for by in connector.look_up.by:
            for address in sorted((each for each in found if each.kind == by.kind), key=lambda each: not each.own):
                value = await contacts.open_identity(tx, self._vault, address.identity_id)
                proof = contacts.is_proof(by.kind, address.verified_at, now) and contacts.may_link(by.kind, value)
                if proof or (by.kind == _OWN_NUMBER and _numbered(value, connector.source)):
                    proved = now if by.kind in connector.verified else None
                    asked = Asked(Identifier(by.kind, value, proved), by.kind in connector.verified)
                    return _Key(asked, {"kind": by.name or by.kind, "value": spelled(by, value, connector.source)})
        return None


def _numbered(value: str, source: str) -> bool:
    """Whether it is a number that the source itself gave; who has none there is known by his address."""
    system, _, own = value.partition(":")
    return system == source and own.partition(":")[0] not in contacts.kinds_in_force()


def spelled(by: By, value: str, source: str) -> str:
    """As the other side writes it."""
    if by.kind == _OWN_NUMBER:
        return value.removeprefix(f"{source}:")
    return value if by.country_code else value.removeprefix(_NATIONAL)


def _looked(
    name: str, connector: Connector, state: State, looked_at: datetime | None, freshness: Freshness,
    cause: Outage | None = None,
) -> Looked:  # fmt: skip
    stale = freshness is Freshness.STALE
    return Looked(
        connector=name, zh=connector.name.zh, en=connector.name.en, source=connector.source, state=freshness,
        as_of=policy.as_of(connector, looked_at, state), cause=(cause or state.cause) if stale else None,
        since=state.failing_since if stale else None,
    )  # fmt: skip
