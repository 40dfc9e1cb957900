"""Pulling: what changed since the last time, page by page, as a job. Each page is in before the next is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.desk.connectors import policy, service, store
from yizhan.desk.connectors.calling import Caller
from yizhan.desk.connectors.documents import CONNECTOR, Connector, Pull
from yizhan.desk.connectors.mapping import Mapped, next_cursor, read_answer
from yizhan.desk.connectors.model import PULL, CallFailed, Counts, Outage, Run
from yizhan.desk.sources import ProfileRules
from yizhan.foundation.clock import Clock
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import DATABASE_TROUBLE, Database, Tx
from yizhan.foundation.errors import Conflict
from yizhan.foundation.ids import new_id
from yizhan.foundation.jobs import Job, enqueue
from yizhan.foundation.log import get_logger
from yizhan.records.config import Published

log = get_logger(__name__)

_ROWS_AT_ONCE = 500
_PLAN_SECONDS = 10.0
_MINUTE = timedelta(minutes=1)


class Pulls:
    """The job `connector_pull`. One that runs twice changes nothing the second time."""

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

    async def run(self, job: Job) -> None:
        name, run_id = str(job.payload["connector"]), UUID(str(job.payload["run"]))
        connector = self._published().find(CONNECTOR, name)
        async with self._db.read() as tx:
            run = await store.run(tx, run_id)
            secrets = await store.secrets_of(tx, self._vault, name)
        if run is None or run.ended_at is not None:
            return
        if connector is None or not connector.on or connector.pull is None:
            async with self._db.transaction() as tx:
                await store.end_run(tx, run_id, self._clock.now(), CallFailed(Outage.SETUP, "it is switched off"))
            return
        try:
            await self._pull(name, connector, connector.pull, secrets, run)
        except CallFailed as failure:
            await self._end(name, connector, run, failure)

    async def _pull(self, name: str, connector: Connector, pull: Pull, secrets: dict[str, str], run: Run) -> None:
        async with self._db.read() as tx:
            since = (await store.states(tx, [name]))[name].pulled_since
        place, pages = run.place, run.pages
        counts = Counts(run.created, run.changed, run.same, run.refused, run.problems)
        while True:
            if pages >= pull.paging.most:
                raise CallFailed(Outage.SHAPE, f"there is no end after {pages} pages", "pull.paging.most")
            if not await self._room(name, connector, run):
                return None
            values = {
                "since": (since - policy.OVERLAP).isoformat().replace("+00:00", "Z") if since else "",
                "cursor": place or "", "page": place or str(pull.paging.first),
            }  # fmt: skip
            answer = await self._caller.ask(connector, secrets, pull, values, policy.PULL_SECONDS)
            mapped = read_answer(answer, connector, self._rules().zone, self._clock.now())
            counts = counts.plus(await self._take(connector, mapped))
            place, pages = next_place(pull, answer, mapped, place), pages + 1
            async with self._db.transaction() as tx:
                await store.move_run(tx, run.id, self._clock.now(), place, pages, counts)
            if place is None:
                return await self._end(name, connector, run, None)

    async def _room(self, name: str, connector: Connector, run: Run) -> bool:
        """Without any, the rest is left for the next minute, from where it stands."""
        now = self._clock.now()
        minute = now.replace(second=0, microsecond=0)
        async with self._db.transaction() as tx:
            if await store.claim_call(tx, name, minute, connector.per_minute):
                return True
            await enqueue(tx, PULL, {"connector": name, "run": str(run.id)}, after=minute + _MINUTE - now)
            return False

    async def _take(self, connector: Connector, mapped: Mapped) -> Counts:
        counts = Counts(refused=len(mapped.problems), problems=tuple(mapped.problems))
        most = max(len(mapped.profiles), len(mapped.orders))
        for at in range(0, most, _ROWS_AT_ONCE):
            part = Mapped(mapped.profiles[at : at + _ROWS_AT_ONCE], mapped.orders[at : at + _ROWS_AT_ONCE], [], 0)
            async with self._db.transaction() as tx:
                counts = counts.plus(
                    await service.take_in(tx, self._vault, connector, part, self._rules(), self._clock.now())
                )
        return counts

    async def _end(self, name: str, connector: Connector, run: Run, failure: CallFailed | None) -> None:
        now = self._clock.now()
        async with self._db.transaction() as tx:
            if await store.end_run(tx, run.id, now, failure):
                pulled = run.started_at if failure is None else None
                await service.settle(tx, name, connector, failure, now, pulled=pulled, is_pull=True)
        log.info("connector.pulled", connector=name, cause=str(failure.cause) if failure else None)


def next_place(pull: Pull, answer: object, mapped: Mapped, place: str | None) -> str | None:
    match pull.paging.kind:
        case "cursor":
            return next_cursor(answer, pull.paging.next, place)
        case "page":
            return str(int(place or pull.paging.first) + 1) if mapped.rows else None
    return None


async def begin_pull(tx: Tx, name: str, why: str, now: datetime) -> UUID:
    """Raises Conflict when one is under way."""
    run = new_id(now)
    if not await store.begin_run(tx, run, name, why, now):
        raise Conflict("a pull is under way")
    await enqueue(tx, PULL, {"connector": name, "run": str(run)})
    return run


async def plan(tx: Tx, published: Published, now: datetime) -> int:
    """How many pulls were begun: of those whose time has come."""
    await store.end_lost_runs(tx, now - policy.LOST_AFTER)
    begun = 0
    pulling = {n: c for n, c in sorted(published.all(CONNECTOR).items()) if c.on and c.pull is not None}
    for name, connector in pulling.items():
        state = await store.lock_state(tx, name)
        if state.next_at is not None and now < state.next_at:
            continue
        assert connector.pull is not None
        await store.save_state(tx, msgspec.structs.replace(state, next_at=policy.next_pull(connector.pull, 0, now)))
        run = new_id(now)
        if await store.begin_run(tx, run, name, "schedule", now):
            await enqueue(tx, PULL, {"connector": name, "run": str(run)})
            begun += 1
    return begun


async def keep_planning(
    db: Database,
    clock: Clock,
    published: Callable[[], Published],
    rest: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Until cancelled. Two processes that plan at once begin one pull: the state is locked."""
    while True:
        try:
            if any(each.pull is not None for each in published().all(CONNECTOR).values()):
                async with db.transaction() as tx:
                    await plan(tx, published(), clock.now())
        except DATABASE_TROUBLE as error:
            log.error("connector.not_planned", error=repr(error))
        await rest(_PLAN_SECONDS)
