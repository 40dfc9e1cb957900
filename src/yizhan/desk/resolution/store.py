"""All SQL of resolution."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from yizhan.desk.resolution.model import Candidate, CandidateState, Finding, Judgement, Previewed, Run
from yizhan.foundation.db import Record, Tx, load_queries
from yizhan.foundation.errors import NotFound
from yizhan.records.agents import Scope, Viewer
from yizhan.records.contacts import Link

SQL = load_queries(__package__)

Pair = tuple[UUID, UUID]
"""The smaller id first."""

KeyRow = tuple[UUID, str, bytes, str]
"""Contact, field, key, mark."""

Levels = tuple[tuple[str, str], ...]
"""How a pair agrees: field and level, in the order of the fields' names."""

_MOST_ORDERS = 200


async def identities(tx: Tx, ids: Sequence[UUID]) -> list[Record]:
    return list(await tx.fetch(SQL.identities, ids))


async def claims(tx: Tx, ids: Sequence[UUID]) -> list[Record]:
    return list(await tx.fetch(SQL.claims, ids))


async def orders(tx: Tx, ids: Sequence[UUID]) -> list[Record]:
    return list(await tx.fetch(SQL.orders, ids, _MOST_ORDERS))


async def quoted(tx: Tx, ids: Sequence[UUID]) -> list[Record]:
    return list(await tx.fetch(SQL.quoted, ids, _MOST_ORDERS))


async def write_keys(tx: Tx, ids: Sequence[UUID], rows: Sequence[KeyRow]) -> None:
    """All that these are compared by from now on."""
    columns = [list(column) for column in zip(*rows, strict=True)] if rows else [[], [], [], []]
    await tx.execute(SQL.drop_keys, ids, *columns[:3])
    await tx.execute(SQL.put_keys, *columns)


async def pairs(tx: Tx, ids: Sequence[UUID], fields: Sequence[str], most: int) -> list[Pair]:
    return [(row["a"], row["b"]) for row in await tx.fetch(SQL.pairs, ids, fields, most)]


async def known(tx: Tx, ids: Sequence[UUID]) -> list[KeyRow]:
    return [(*row.values(),) for row in await tx.fetch(SQL.known, ids)]


async def names(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, str]:
    return {row["id"]: row["name"] for row in await tx.fetch(SQL.names, ids)}


async def cards(tx: Tx, ids: Sequence[UUID]) -> list[tuple[UUID, bytes]]:
    return [(row["contact_id"], row["blind"]) for row in await tx.fetch(SQL.cards, ids)]


async def mobiles(tx: Tx, ids: Sequence[UUID]) -> list[tuple[UUID, bytes, datetime]]:
    return [(*row.values(),) for row in await tx.fetch(SQL.mobiles, ids)]


class Weighed(NamedTuple):
    id: UUID
    pair: Pair
    judgement: Judgement


async def put_candidates(tx: Tx, found: Sequence[Weighed], at: datetime) -> list[Record]:
    """Those that wait for people now; `fresh` are new ones."""
    if not found:
        return []
    return list(await tx.fetch(
        SQL.put_candidates, [w.id for w in found], [w.pair[0] for w in found], [w.pair[1] for w in found],
        [w.judgement.bits for w in found], [_plain(w.judgement.findings) for w in found],
        [w.judgement.held for w in found], at,
    ))  # fmt: skip


async def drop_candidates(tx: Tx, ids: Collection[UUID], kept: Sequence[Pair]) -> None:
    await tx.execute(SQL.drop_candidates, list(ids), [a for a, _ in kept], [b for _, b in kept])


async def put_linked(tx: Tx, w: Weighed, link_id: UUID, at: datetime) -> None:
    findings = _plain(w.judgement.findings)
    await tx.execute(SQL.put_linked, w.id, *w.pair, w.judgement.bits, findings, at, link_id)


async def queue(
    tx: Tx, after: tuple[float, UUID] | None, count: int, viewer: Viewer | None = None
) -> list[Candidate]:  # fmt: skip
    """Of `viewer` those pairs of which he may see one side; without one, all."""
    bits, id = after or (None, None)
    return [_candidate(row) for row in await tx.fetch(SQL.queue, *_eyes(viewer), bits, id, count)]


async def waiting(tx: Tx, viewer: Viewer | None = None) -> int:
    return int(await tx.fetchval(SQL.waiting, *_eyes(viewer)))


async def candidate(tx: Tx, candidate_id: UUID) -> Candidate:
    row = await tx.fetchrow(SQL.candidate, candidate_id)
    if row is None:
        raise NotFound(f"candidate {candidate_id}")
    return _candidate(row)


async def of_pair(tx: Tx, pair: Pair) -> Candidate | None:
    row = await tx.fetchrow(SQL.of_pair, *pair)
    return _candidate(row) if row else None


async def settle(
    tx: Tx, candidate_id: UUID, state: CandidateState, at: datetime, by: str, link_id: UUID | None, note: str
) -> None:
    await tx.execute(SQL.settle, candidate_id, state, at, by, link_id, note)


async def undone(tx: Tx, links: Sequence[tuple[UUID, str, datetime]]) -> None:
    """By whom and when. Whoever takes a link back has said that the two are not one person: weights learn from that."""
    if links:
        await tx.execute(SQL.undone, *(list(column) for column in zip(*links, strict=True)))


async def decided(tx: Tx, count: int) -> list[tuple[tuple[Finding, ...], bool]]:
    """What was found in each pair that people decided lately, and whether it is one person."""
    return [
        (msgspec.convert(row["findings"], tuple[Finding, ...]), row["state"] == CandidateState.SAME)
        for row in await tx.fetch(SQL.decided, count)
    ]


async def contacts_after(tx: Tx, after: UUID, count: int) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.contacts_after, after, count)]


async def contacts_count(tx: Tx) -> int:
    return int(await tx.fetchval(SQL.contacts_count))


async def add_run(tx: Tx, run_id: UUID, dry: bool, total: int, by: str, at: datetime) -> bool:
    """False when another one is at work."""
    return await tx.fetchval(SQL.add_run, run_id, dry, total, by, at) is not None


async def run(tx: Tx, run_id: UUID, *, lock: bool = False) -> Run:
    row = await tx.fetchrow(SQL.lock_run if lock else SQL.run, run_id)
    if row is None:
        raise NotFound(f"run {run_id}")
    return Run(*row.values())


async def runs(tx: Tx, count: int) -> list[Run]:
    """The latest first."""
    return [Run(*row.values()) for row in await tx.fetch(SQL.runs, count)]


async def advance(tx: Tx, run_id: UUID, after: UUID, done: int, counted: tuple[int, int, int, int]) -> None:
    """`counted`: pairs, links, candidates, conflicts."""
    await tx.execute(SQL.advance, run_id, after, done, *counted)


async def end_run(tx: Tx, run_id: UUID, state: str, at: datetime) -> bool:
    return await tx.fetchval(SQL.end_run, run_id, state, at) is not None


async def put_previews(tx: Tx, run_id: UUID, found: Sequence[Previewed]) -> None:
    if found:
        await tx.execute(
            SQL.put_previews, run_id, [p.a_contact for p in found], [p.b_contact for p in found],
            [str(p.verdict) for p in found], [p.bits for p in found], [_plain(p.findings) for p in found],
        )  # fmt: skip


async def previews(tx: Tx, run_id: UUID, count: int) -> list[Previewed]:
    return [msgspec.convert(dict(row), Previewed) for row in await tx.fetch(SQL.previews, run_id, count)]


async def forget_previews(tx: Tx, but: UUID) -> None:
    await tx.execute(SQL.forget_previews, but)


async def count_patterns(tx: Tx, run_id: UUID, counted: Mapping[Levels, int]) -> None:
    """How often pairs agreed in which way; only the latest run is remembered."""
    await tx.execute(SQL.forget_patterns, run_id)
    if counted:
        await tx.execute(SQL.count_patterns, run_id, [dict(levels) for levels in counted], list(counted.values()))


async def patterns(tx: Tx) -> list[tuple[dict[str, str], int]]:
    """Of the latest run: the level of each field that said something, and how many pairs were so."""
    return [(row["levels"], row["pairs"]) for row in await tx.fetch(SQL.patterns)]


async def faces(tx: Tx, ids: Sequence[UUID]) -> list[Record]:
    return list(await tx.fetch(SQL.faces, ids))


async def links_of(tx: Tx, ids: Sequence[UUID]) -> list[Link]:
    return [msgspec.convert(dict(row), Link) for row in await tx.fetch(SQL.links_of, ids)]


def _eyes(viewer: Viewer | None) -> tuple[str, UUID, list[UUID], list[UUID]]:
    if viewer is None:
        return Scope.ALL, UUID(int=0), [], []
    return viewer.scope, viewer.agent_id, list(viewer.team_ids), list(viewer.brand_ids)


def _candidate(row: Record) -> Candidate:
    return msgspec.convert(dict(row), Candidate)


def _plain(findings: Sequence[Finding]) -> object:
    return msgspec.to_builtins(findings)
