"""An import at work: some hundred rows a transaction, with how far it is; a worker that dies is followed by one that
goes on where it stopped.

While the database takes one batch in, the next one is read and checked. Only the last step waits for the disk: the mark
lies in the transaction whose rows it counts, so a server that loses the latest ones is told of them again.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from tempfile import TemporaryFile
from typing import BinaryIO, NamedTuple
from uuid import UUID

from yizhan.desk import sources
from yizhan.desk.imports import parts, policy, service, store
from yizhan.desk.imports.model import ENDED, IMPORT, Fault, Import, ImportKind, ImportPlan, Line
from yizhan.desk.imports.policy import Columns
from yizhan.desk.sources import Checked, Did, OrderIn, Outcome, Problem, ProfileIn, ProfileRules, Reading
from yizhan.foundation.blobs import Blobs
from yizhan.foundation.clock import Clock
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.errors import Invalid
from yizhan.foundation.jobs import Job

__all__ = ["IMPORT", "run"]

TOGETHER = 500
_BREATH = 16


async def run(
    db: Database, vault: Vault, blobs: Blobs, clock: Clock, rules: Callable[[], ProfileRules], job: Job
) -> None:
    id = UUID(str(job.payload["import"]))
    async with db.read() as tx:
        told = await store.job(tx, id)
    if told.state != "running" or told.plan is None:
        return
    with TemporaryFile() as file:  # without a name: nobody else reads it, and it ends with us
        await fetch(told, blobs, file)
        try:
            titles, lines = service.table(told, told.plan, file)
            groups = policy.together((line for line in lines if line.number > told.done_rows), told.plan, told.kind)
            await _Work(db, vault, clock, rules(), told, told.plan, titles).through(groups)
        except Invalid as wrong:
            async with db.transaction() as tx:
                await _end(tx, id, "failed", clock.now(), wrong.message)


async def fetch(told: Import, blobs: Blobs, file: BinaryIO) -> None:
    for place in range(len(told.parts)):
        file.write(await parts.content(blobs, told, place))
    file.seek(0)


class _Row(NamedTuple):
    """Rows of the file that are one row for us."""

    lines: Sequence[Line]
    read: Checked | OrderIn | None
    columns: Mapping[str, int]
    problems: tuple[Problem, ...] = ()


class _Work:
    def __init__(
        self, db: Database, vault: Vault, clock: Clock, rules: ProfileRules, told: Import, plan: ImportPlan,
        titles: Sequence[str],
    ) -> None:  # fmt: skip
        self._db = db
        self._vault = vault
        self._clock = clock
        self._rules = rules
        self._told = told
        self._plan = plan
        self._titles = titles
        self._columns = Columns(plan, told.kind)
        self._reading = Reading(rules)

    async def through(self, groups: Iterator[list[Line]]) -> None:
        """Until the end of the file, or until somebody cancelled it."""
        ahead = asyncio.ensure_future(self._batch(groups))
        try:
            while True:
                rows = await ahead
                ahead = asyncio.ensure_future(self._batch(groups))
                if not await self._step(rows):
                    return
        finally:
            ahead.cancel()

    async def _batch(self, groups: Iterator[list[Line]]) -> list[_Row]:
        """The next rows, a few at a time, so that an answer of the database is heard in between."""
        rows: list[_Row] = []
        for lines in islice(groups, TOGETHER):
            rows.append(self._read(lines))
            if len(rows) % _BREATH == 0:
                await asyncio.sleep(0)
        return rows

    async def _step(self, rows: Sequence[_Row]) -> bool:
        """In one transaction with the progress; False at the end, or when somebody cancelled it."""
        now = self._clock.now()
        async with self._db.transaction() as tx:
            told = await store.job(tx, self._told.id, lock=True)
            if told.state != "running" or told.runs != self._told.runs:
                return False
            if not rows:
                await _end(tx, told.id, "ended", now)
                return False
            outcomes = await self._taken(tx, [row.read for row in rows if row.read is not None], now)
            await self._note(tx, told, rows, outcomes)
        return True

    def _read(self, lines: Sequence[Line]) -> _Row:
        fault = next((line.fault for line in lines if line.fault is not None), None)
        if fault is not None:
            return _Row(lines, None, {}, (Problem("", fault),))
        try:
            told, columns = self._columns.told(lines[0].cells)
            for line in lines[1:]:
                more, _ = self._columns.told(line.cells)
                told["lines"] = [*told.get("lines", []), *more.get("lines", [])]
        except Invalid as wrong:
            return _Row(lines, None, {}, (Problem(wrong.field or "", wrong.message),))
        read = self._checked(told) if self._told.kind is ImportKind.PROFILES else self._reading.order(told)
        if isinstance(read, (Checked, OrderIn)):
            return _Row(lines, read, columns)
        return _Row(lines, None, columns, read)

    def _checked(self, told: object) -> Checked | tuple[Problem, ...]:
        read = self._reading.profile(told)
        if not isinstance(read, ProfileIn):
            return read
        return sources.check_profile(read, self._rules, self._vault, self._told.source, self._clock.now())

    async def _taken(self, tx: Tx, rows: Sequence[Checked | OrderIn], now: datetime) -> list[Outcome]:
        source, by = self._told.source, f"agent:{self._told.agent_id}"
        profiles = [row for row in rows if isinstance(row, Checked)]
        orders = [row for row in rows if isinstance(row, OrderIn)]
        if self._told.dry:
            if profiles:
                return await sources.try_profiles(tx, profiles)
            return await sources.try_orders(tx, self._vault, orders, source=source, now=now)
        if profiles:
            return await sources.take_profiles(
                tx, self._vault, profiles, source=source, rules=self._rules, now=now, by=by
            )  # fmt: skip
        return await sources.put_orders(tx, self._vault, orders, source=source, now=now, by=by)

    async def _note(self, tx: Tx, told: Import, rows: Sequence[_Row], outcomes: Sequence[Outcome]) -> None:
        following = iter(outcomes)
        counts = Counter(told.counts)
        faults: list[Fault] = []
        for row in rows:
            outcome = next(following) if row.read is not None else Outcome(Did.REFUSED, problems=row.problems)
            counts[outcome.did] += len(row.lines)
            if outcome.did is Did.REFUSED:
                problems = policy.placed(outcome.problems, row.columns, self._plan, self._titles)
                faults += [Fault(line.number, problems, line.cells) for line in row.lines]
        last = rows[-1].lines[-1]
        await store.add_faults(tx, self._vault, told.id, faults)
        await store.go_on(tx, told.id, min(last.end, told.size), last.number, counts)


async def _end(tx: Tx, id: UUID, state: str, now: datetime, fault: str | None = None) -> None:
    await store.end(tx, id, state, now, fault)
    told = await store.job(tx, id)
    await service.tell(tx, ENDED, told, f"agent:{told.agent_id}", now)
    await service.notify(tx, told, now)
