"""A past day, read page by page in a transaction that only reads; nothing of it is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from yizhan.desk import views
from yizhan.desk.routing import Seat, WorkKind
from yizhan.desk.simulation import past
from yizhan.desk.simulation.attendance import AROUND, Handled, Span
from yizhan.desk.simulation.day import Day, Place
from yizhan.desk.simulation.duties import chained
from yizhan.foundation.db import Record, Tx, load_queries
from yizhan.foundation.errors import Invalid
from yizhan.foundation.ids import id_floor
from yizhan.foundation.journal import Entry
from yizhan.records.rosters import OnDuty

SQL = load_queries(__package__)
MOST = 200_000
_PAGE = 500
_UNKNOWN: Mapping[str, int] = {"calls": 1}
_MEASURED = timedelta(days=7)
_CHATS_LIE, _LETTERS_LIE = timedelta(days=2), timedelta(days=30)
"""How long before the day it began what may still lie there."""


def bounds(on: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """A day of the house: twenty-three or twenty-five hours where clocks are changed."""
    first, last = (datetime.combine(on + timedelta(days=n), time(), zone) for n in (0, 1))
    return first.astimezone(UTC), last.astimezone(UTC)


async def day_that_was(
    tx: Tx, on: date, zone: ZoneInfo, asked: Collection[str], *, now: datetime,
    progress: Callable[[float], None] = lambda share: None,
) -> Day:  # fmt: skip
    """Raises Invalid for a day that is not over, in which nobody came, or with more than two hundred thousand."""
    start, end = bounds(on, zone)
    if end > now:
        raise Invalid("this day is not over yet", "day")
    unknown: Counter[str] = Counter(_UNKNOWN)
    handled: list[Handled] = []
    parts: Sequence[tuple[WorkKind, str, datetime, datetime, tuple[datetime, ...]]] = (
        (WorkKind.CONVERSATION, SQL.chats_of_day, start, end, ()),
        (WorkKind.TICKET, SQL.letters_of_day, start, end, ()),
        (WorkKind.CONVERSATION, SQL.chats_before, start - _CHATS_LIE, start, (start,)),
        (WorkKind.TICKET, SQL.letters_before, start - _LETTERS_LIE, start, (start,)),
    )  # fmt: skip
    for kind, statement, since, until, more in parts:
        after, ceiling = id_floor(since), id_floor(until)
        while rows := await tx.fetch(statement, after, ceiling, _PAGE, *more):
            handled += await _page(tx, kind, rows, asked, unknown if until is end else Counter(), end)
            after = rows[-1]["id"]
            if len(handled) > MOST:
                raise Invalid(f"more than {MOST} came on this day", "day")
            progress(_share(after, start, end))
    if not any(start <= each.arrival.at < end for each in handled):
        raise Invalid("nobody came on this day", "day")
    seats = await seats_of_house(tx, start)
    presence = await _presence(tx, start, end)
    shifts = chained(
        OnDuty(until=row["ends_at"], **row) for row in await tx.fetch(SQL.shifts_between, start, end + AROUND)
    )
    return past.day_of(start, end, handled, seats, presence, shifts, unknown, await skill_keys(tx))


async def _page(
    tx: Tx, kind: WorkKind, rows: Sequence[Record], asked: Collection[str], unknown: Counter[str], end: datetime
) -> list[Handled]:
    tickets = [row["ticket_id"] for row in rows if row["ticket_id"] is not None]
    facts = await views.work_facts(tx, tickets, now=end, fields=frozenset(asked))
    told = [Entry(*row) for row in await tx.fetch(SQL.told_of_tickets, tickets, list(past.KINDS))]
    contacts = [row["contact_id"] for row in rows]
    loose = await tx.fetch(SQL.told_of_contacts, contacts, [row["id"] for row in rows], list(past.KINDS))
    told += [Entry(*row) for row in loose]
    works = [_work(kind, row, facts.get(row["ticket_id"], {}), asked) for row in rows]
    return past.arrivals_of(works, told, unknown)


def _work(kind: WorkKind, row: Record, facts: Mapping[str, object], asked: Collection[str]) -> past.Work:
    """Of what conditions may ask only what they do ask is taken along."""
    needs: dict[str, Any] = row["needs"]
    return past.Work(
        id=row["id"], kind=kind, ticket_id=row["ticket_id"], contact_id=row["contact_id"], inbox_id=row["inbox_id"],
        team_id=row["team_id"], channel=row["channel"], level=row["level"],
        skills=tuple(UUID(skill) for skill in needs.get("skills", ())), safety=bool(needs.get("safety")),
        found=row["found"], facts={name: facts[name] for name in (*asked, "priority") if name in facts},
    )  # fmt: skip


async def seats_of_house(tx: Tx, at: datetime) -> list[Seat]:
    """Everybody as he is today, but for how long he took in the week before: skills, teams and limits of another day
    are not kept anywhere."""
    took = {row["agent_id"]: row["seconds"] for row in await tx.fetch(SQL.handling_times, at - _MEASURED, at)}
    return [
        Seat(
            agent_id=row["id"], name=row["name"], online=False, live_cap=row["live_cap"], async_cap=row["async_cap"],
            idle_since=at, skills=frozenset(row["skills"]), teams=frozenset(row["teams"]),
            levels=dict(zip(row["skills"], row["levels"], strict=True)), handling_s=took.get(row["id"], 0),
        )
        for row in await tx.fetch(SQL.people)
    ]  # fmt: skip


async def skill_keys(tx: Tx) -> dict[UUID, str]:
    return {row["id"]: row["key"] for row in await tx.fetch(SQL.skill_keys)}


async def places(tx: Tx) -> list[Place]:
    """The teams of the house, with what conditions may ask of whoever comes to them."""
    return [
        Place(row["team_id"], row["inbox_id"], row["channel"] or "webchat", {
            "team": row["team"], "brand": row["brand"], "inbox": row["inbox"], "channel": row["channel"] or "webchat",
        })
        for row in await tx.fetch(SQL.places)
    ]  # fmt: skip


async def _presence(tx: Tx, start: datetime, end: datetime) -> dict[UUID, Sequence[Span]]:
    known = {row["agent_id"]: list[Span]() for row in await tx.fetch(SQL.known_between, start, end)}
    return {**known, **_spans(await tx.fetch(SQL.presence_between, start, end + AROUND))}


def _spans(rows: Sequence[Record]) -> dict[UUID, Sequence[Span]]:
    found: dict[UUID, list[Span]] = {}
    for row in rows:
        found.setdefault(row["agent_id"], []).append((row["starts_at"], row["ends_at"]))
    return dict(found)


def _share(after: UUID, start: datetime, end: datetime) -> float:
    reached = (after.int >> 80) / 1000 - start.timestamp()
    return min(1.0, max(0.0, reached / (end - start).total_seconds()))
