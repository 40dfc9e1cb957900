"""What supervisors read of a campaign, each of what he may see."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.nps.figures import Share, Standing, share, standing
from yizhan.desk.nps.model import Run
from yizhan.desk.nps.store import SQL, run_of
from yizhan.foundation.db import Record, Tx
from yizhan.foundation.errors import NotFound
from yizhan.records.agents import Viewer

_MOST_RUNS = 60
_EXPORTED_AT_ONCE = 1_000


class Part(msgspec.Struct, frozen=True):
    """Of a brand or a channel. `key` is its id or name."""

    key: str
    name: str
    standing: Standing
    response: Share


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """`scores` has how often each score from 0 to 10 was given; `people` how many are in which state of the asking."""

    standing: Standing
    response: Share
    scores: list[int]
    brands: list[Part]
    channels: list[Part]
    people: dict[str, int]
    spared: dict[str, int]


class Months(msgspec.Struct, frozen=True):
    month: str
    standing: Standing


class Comment(msgspec.Struct, frozen=True):
    id: UUID
    given_at: datetime
    score: int
    comment: str
    channel: str
    brand_name: str
    contact_id: UUID
    contact_name: str
    conversation_id: UUID
    follow_up_id: UUID | None
    follow_up_number: int | None
    follow_up_status: str | None
    follower_name: str | None


async def runs(tx: Tx, campaign: str | None = None) -> list[Run]:
    """The newest first."""
    return [run_of(row) for row in await tx.fetch(SQL.runs, campaign, _MOST_RUNS)]


async def results(tx: Tx, run_id: UUID, viewer: Viewer) -> Results:
    rows = await tx.fetch(SQL.tallies, [run_id], *_scope(viewer))
    people, spared = Counter[str](), Counter[str]()
    for row in await tx.fetch(SQL.progress, run_id):
        people[row["state"]] += row["people"]
        if row["why"]:
            spared[row["why"]] += row["people"]
    return Results(
        standing=_standing(rows), response=_response(rows),
        scores=[sum(row["people"] for row in rows if row["score"] == score) for score in range(11)],
        brands=_parts(rows, "brand_id", "brand_name"), channels=_parts(rows, "channel", "channel"),
        people=dict(people), spared=dict(spared),
    )  # fmt: skip


async def months(tx: Tx, campaign: str, viewer: Viewer, zone: str, since: datetime) -> list[Months]:
    """By the month in which it was said, over all runs of the campaign; months without an answer are left out."""
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    for row in await tx.fetch(SQL.months, campaign, *_scope(viewer), zone, since):
        counts[row["month"]][row["score"]] += row["people"]
    return [Months(month, standing(of)) for month, of in counts.items()]


async def comments(
    tx: Tx, run_id: UUID, viewer: Viewer, *, least: int = 0, most: int = 10, worded: bool = True,
    before: UUID | None = None, count: int = 50,
) -> list[Comment]:  # fmt: skip
    """Answers with scores from `least` to `most`, the latest first; with `worded` only those that say why."""
    rows = await tx.fetch(SQL.comments, run_id, *_scope(viewer), least, most, worded, before, count)
    return [Comment(*row.values()) for row in rows]


async def comments_each(tx: Tx, run_id: UUID, viewer: Viewer) -> AsyncIterator[Comment]:
    """Every answer, page after page."""
    before: UUID | None = None
    while page := await comments(tx, run_id, viewer, worded=False, before=before, count=_EXPORTED_AT_ONCE):
        for each in page:
            yield each
        before = page[-1].id


async def run(tx: Tx, run_id: UUID) -> Run:
    found = await tx.fetchrow(SQL.run, run_id)
    if found is None:
        raise NotFound(f"run {run_id}")
    return run_of(found)


def _scope(viewer: Viewer) -> tuple[str, list[UUID], list[UUID]]:
    return viewer.scope, list(viewer.team_ids), list(viewer.brand_ids)


def _standing(rows: list[Record]) -> Standing:
    counts = Counter[int]()
    for row in rows:
        if row["score"] is not None:
            counts[row["score"]] += row["people"]
    return standing(counts)


def _response(rows: list[Record]) -> Share:
    answered = sum(row["people"] for row in rows if row["score"] is not None)
    return share(answered, sum(row["people"] for row in rows))


def _parts(rows: list[Record], key: str, name: str) -> list[Part]:
    of: dict[str, list[Record]] = defaultdict(list)
    for row in rows:
        of[str(row[key])].append(row)
    parts = [Part(each, some[0][name], _standing(some), _response(some)) for each, some in of.items()]
    return sorted(parts, key=lambda part: -part.response.all)
