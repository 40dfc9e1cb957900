"""A release is heard, and where it changes whom we believe a job walks through all customers, some hundred a step. A
worker that dies is followed by one that goes on where it stopped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import msgspec

from yizhan.desk import sources
from yizhan.desk.precedence import store
from yizhan.desk.sources import PROFILE, ProfileDocument, ProfileRules, compile_profile
from yizhan.foundation.clock import Clock
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.ids import new_id
from yizhan.foundation.jobs import Job, enqueue
from yizhan.foundation.journal import Entry, Reader
from yizhan.records.config import DEFAULT, RELEASED, Configuration
from yizhan.records.profiles import LEVEL, NAME

BELIEVE = "believe"
TOGETHER = 500


def precedence_reader(db: Database, clock: Clock, configuration: Configuration) -> Reader:
    """The durable reader `precedence`: of releases only."""

    async def take(tx: Tx, entries: Sequence[Entry]) -> None:
        if any(document[0] == PROFILE.name for entry in entries for document in entry.data.get("documents", [])):
            await begin(tx, await _rules(tx, configuration), clock.now())

    return Reader(db, clock, "precedence", take, kinds=frozenset({RELEASED}))


async def begin(tx: Tx, rules: ProfileRules, now: datetime) -> UUID | None:
    """None where the same sources are believed in the same order as everybody's values are written by."""
    last = await store.latest(tx)
    digest = _digest(rules)
    if digest == (last.digest if last is not None else _digest(_compiled(None))):
        return None
    id = new_id(now)
    await store.add(tx, id, digest, now)
    await enqueue(tx, BELIEVE, {"run": str(id)}, key=str(id))
    return id


async def run(db: Database, vault: Vault, clock: Clock, configuration: Configuration, job: Job) -> None:
    """By the newest release, which this process may not have heard of yet."""
    async with db.read() as tx:
        rules = await _rules(tx, configuration)
    while await _step(db, vault, rules, UUID(str(job.payload["run"])), clock.now()):
        continue


async def _step(db: Database, vault: Vault, rules: ProfileRules, id: UUID, now: datetime) -> bool:
    async with db.transaction() as tx:
        told = await store.lock(tx, id)
        if told.state != "running":
            return False
        ids = await store.told_of(tx, told.after, TOGETHER)
        if not ids:
            await store.finish(tx, id, now)
            return False
        changed = await sources.believe_anew(tx, vault, ids, rules, now)
        await store.advance(tx, id, ids[-1], len(ids), changed)
    return True


async def _rules(tx: Tx, configuration: Configuration) -> ProfileRules:
    return _compiled((await configuration.published(tx)).find(PROFILE, DEFAULT))


def _compiled(released: ProfileDocument | None) -> ProfileRules:
    document = released or PROFILE.default
    assert document is not None, "it ships with one"
    return compile_profile(document)


def _digest(rules: ProfileRules) -> str:
    """Of what decides how values stand with their customers: the order of sources, and what is sealed."""
    said = [(key, rules.order(key), key in rules.fields and rules.fields[key].personal)
            for key in (NAME, LEVEL, *sorted(rules.fields))]  # fmt: skip
    return sha256(msgspec.json.encode(said)).hexdigest()[:32]
