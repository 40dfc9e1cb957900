"""All SQL of runs and invitations; what supervisors read is in `results`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from yizhan.desk.nps.model import Invitation, Person, Run, RunState, Spared, Told, Way
from yizhan.desk.views import language_of
from yizhan.foundation.db import Record, Tx, load_queries
from yizhan.foundation.errors import NotFound
from yizhan.foundation.ids import id_floor, new_id
from yizhan.records.config import path_of

SQL = load_queries(__package__)
_DAY_S = 86_400


async def add_run(tx: Tx, run: Run) -> bool:
    """False where the period has begun already."""
    made = await tx.fetchval(
        SQL.add_run, run.id, run.campaign, run.period, run.rules, run.source, run.started_at, run.started_by,
        run.ask_until, run.closes_at, run.cursor,
    )  # fmt: skip
    return made is not None


async def last_period(tx: Tx, campaign: str) -> str | None:
    found: str | None = await tx.fetchval(SQL.last_period, campaign)
    return found


async def lock_run(tx: Tx, run_id: UUID) -> Run:
    row = await tx.fetchrow(SQL.lock_run, run_id)
    if row is None:
        raise NotFound(f"run {run_id}")
    return run_of(row)


def run_of(row: Record) -> Run:
    return msgspec.convert(dict(row), Run)


async def looked_at(
    tx: Tx, after: UUID, since: datetime, until: datetime, count: int
) -> tuple[UUID | None, list[UUID]]:
    """The last of the next conversations, and the persons met in them for the first time."""
    rows = await tx.fetch(SQL.looked_at, after, id_floor(since), id_floor(until), count)
    return (rows[-1]["id"] if rows else None), list(dict.fromkeys(row["person_id"] for row in rows if row["first"]))


async def people(tx: Tx, persons: Sequence[UUID], since: datetime, now: datetime) -> list[Person]:
    rows = await tx.fetch(SQL.people, list(persons), id_floor(since), now) if persons else []
    return [_person(row, now) for row in rows]


def _person(row: Record, now: datetime) -> Person:
    facts: dict[str, Any] = {name: row[name] for name in ("level", "conversations", "tickets", "complaints", "stars")}
    facts |= {name: row[name] or [] for name in ("brand", "channel", "inbox", "team", "tags", "segment")}
    facts |= {
        "language": language_of(row["locale"], "客"),
        "types": sorted({key for kind in row["types"] or () for key in path_of(kind)}),
        "known_days": _days(row["known_since"], now), "last_contact_days": _days(row["last_contact"], now), "now": now,
    }  # fmt: skip
    return Person(
        person_id=row["person_id"], facts=facts, ways=msgspec.convert(row["ways"], list[Way]), open=row["open"],
        held=row["held"], last_asked=row["last_asked"],
    )  # fmt: skip


def _days(since: datetime | None, now: datetime) -> float | None:
    return (now - since).total_seconds() / _DAY_S if since is not None else None


async def add_invitations(tx: Tx, run_id: UUID, chosen: Sequence[tuple[UUID, Way]], now: datetime) -> None:
    if chosen:
        ways = [way for _, way in chosen]
        await tx.execute(
            SQL.add_invitations, [new_id(now) for _ in chosen], run_id, [person for person, _ in chosen],
            [w.contact_id for w in ways], [w.identity_id for w in ways], [w.conversation_id for w in ways],
            [w.brand_id for w in ways], [w.team_id for w in ways], [w.channel for w in ways],
        )  # fmt: skip


async def take_over(tx: Tx, run_id: UUID, told: Sequence[Told]) -> list[UUID]:
    ids = [new_id(each.asked_at) for each in told]
    await tx.execute(
        SQL.take_over, ids, run_id, [t.person_id for t in told], [t.way.contact_id for t in told],
        [t.way.identity_id for t in told], [t.way.conversation_id for t in told], [t.way.brand_id for t in told],
        [t.way.team_id for t in told], [t.way.channel for t in told], [t.asked_at for t in told],
        [t.answer.score if t.answer else None for t in told], [t.answer.comment if t.answer else "" for t in told],
        [t.given_at for t in told],
    )  # fmt: skip
    return ids


async def gathered(
    tx: Tx, run_id: UUID, cursor: UUID, considered: int, spared: Mapping[str, int], state: RunState
) -> None:
    await tx.execute(SQL.gathered, run_id, cursor, considered, dict(spared), state)


async def put_state(tx: Tx, run_id: UUID, state: RunState, ended_at: datetime | None) -> int:
    return int(await tx.fetchval(SQL.put_state, run_id, state, ended_at))


async def paced(tx: Tx, run_id: UUID, next_at: datetime) -> None:
    await tx.execute(SQL.paced, run_id, next_at)


async def waiting(tx: Tx, run_id: UUID, channel: str, count: int) -> list[Invitation]:
    return await invitations(tx, [row["id"] for row in await tx.fetch(SQL.waiting, run_id, channel, count)])


async def invitations(tx: Tx, ids: Sequence[UUID]) -> list[Invitation]:
    rows = await tx.fetch(SQL.invitations, list(ids)) if ids else []
    return [msgspec.convert(dict(row), Invitation) for row in rows]


async def lock_invitation(tx: Tx, invitation_id: UUID) -> Invitation:
    await tx.fetch(SQL.lock_invitation, invitation_id)
    found = await invitations(tx, [invitation_id])
    if not found:
        raise NotFound(f"invitation {invitation_id}")
    return found[0]


async def asked(tx: Tx, messages: Mapping[UUID, UUID | None], now: datetime) -> None:
    if messages:
        await tx.execute(SQL.asked, list(messages), list(messages.values()), now)


async def spare(tx: Tx, whys: Mapping[UUID, Spared]) -> None:
    if whys:
        await tx.execute(SQL.spare, list(whys), list(whys.values()))


async def spare_rest(tx: Tx, run_id: UUID, why: str) -> None:
    await tx.execute(SQL.spare_rest, run_id, why)


async def of_visitor(tx: Tx, identities: Sequence[UUID], now: datetime) -> UUID | None:
    found: UUID | None = await tx.fetchval(SQL.of_visitor, list(identities), now) if identities else None
    return found


async def declined(tx: Tx, invitation_id: UUID) -> None:
    await tx.execute(SQL.declined, invitation_id)


async def answer(tx: Tx, invitation_id: UUID, score: int, comment: str, now: datetime) -> int:
    return int(await tx.fetchval(SQL.answer, invitation_id, score, comment, now))


async def unsubscribed(tx: Tx, invitation_id: UUID) -> None:
    await tx.execute(SQL.unsubscribed, invitation_id)


async def follow_up(tx: Tx, invitation_id: UUID, ticket_id: UUID) -> None:
    await tx.execute(SQL.follow_up, invitation_id, ticket_id)


async def team_named(tx: Tx, key: str) -> UUID | None:
    found: UUID | None = await tx.fetchval(SQL.team_named, key)
    return found


async def newest_ticket(tx: Tx, contact_id: UUID) -> UUID | None:
    found: UUID | None = await tx.fetchval(SQL.newest_ticket, contact_id)
    return found
