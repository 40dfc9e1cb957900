"""All SQL of routing: what waits, who sits there, assignments and what they weigh."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from yizhan.desk.routing.answers import Told
from yizhan.desk.routing.model import LoadKind, Offer, OfferState, Seat, Spill, Work, WorkKind
from yizhan.desk.routing.reach import HIGHEST, SPANS_TO_THE_TOP
from yizhan.desk.routing.rules import RoutingBook, RoutingRules, SkillAsk, limited
from yizhan.foundation.db import Record, Tx, load_queries
from yizhan.foundation.errors import NotFound
from yizhan.foundation.ids import new_id
from yizhan.records.agents import LoadShift
from yizhan.records.rosters import Duty

SQL = load_queries(__package__)
_ASKED = SkillAsk()
_NOTHING: Mapping[UUID, int] = {}
_AS_THEY_SAY = Duty()


class Assignment(msgspec.Struct, frozen=True):
    """An open assignment: who has a work now and whether it weighs."""

    id: UUID
    work: WorkKind
    work_id: UUID
    agent_id: UUID
    load: LoadKind
    counted: bool
    started_at: datetime


class Stance(msgspec.Struct, frozen=True):
    """An open assignment beside what its work says: 'over', 'weighs' or 'idle'."""

    id: UUID
    work: WorkKind
    work_id: UUID
    agent_id: UUID
    load: LoadKind
    counted: bool
    stance: str
    ending: str | None


class Burden(msgspec.Struct, frozen=True):
    """An open assignment's weight beside what its weight comes from."""

    id: UUID
    agent_id: UUID
    load: LoadKind
    counted: bool
    weight: int
    inbox_id: UUID | None
    team_id: UUID | None
    channel: str
    priority: int


class NewAssignment(msgspec.Struct, frozen=True):
    work: WorkKind
    work_id: UUID
    agent_id: UUID
    load: LoadKind
    counted: bool
    explanation: object
    weight: int
    alone: bool


class Shift(msgspec.Struct, frozen=True):
    """What one changed assignment does to a load."""

    agent_id: UUID
    load: LoadKind
    by: int
    alone: int = 0


async def waiting(tx: Tx, book: RoutingBook, ids: Sequence[UUID] | None = None) -> list[Work]:
    rows = await (tx.fetch(SQL.all_waiting) if ids is None else tx.fetch(SQL.waiting_among, ids))
    keys = {row["id"]: row["key"] for row in await tx.fetch(SQL.skill_keys)} if rows else {}
    return [work_of(row, book.of(row["inbox_id"], row["team_id"]), keys) for row in rows]


async def handling_times(tx: Tx, since: datetime) -> dict[UUID, int]:
    return {row["agent_id"]: row["seconds"] for row in await tx.fetch(SQL.handling_times, since)}


async def overflows(tx: Tx) -> dict[UUID, Spill]:
    rows = await tx.fetch(SQL.overflows)
    return {row["team_id"]: msgspec.convert(dict(row), Spill) for row in rows}


async def helped_out(tx: Tx, team_id: UUID, count: int) -> list[tuple[WorkKind, UUID]]:
    return [(WorkKind(row["work"]), row["work_id"]) for row in await tx.fetch(SQL.helped_out, team_id, count)]


async def put_overflow(tx: Tx, spill: Spill, now: datetime) -> None:
    await tx.execute(
        SQL.put_overflow,
        spill.team_id,
        spill.steps,
        list(spill.helpers),
        spill.length,
        spill.waited,
        now,
        spill.most_priority,
    )


async def end_overflow(tx: Tx, team_id: UUID) -> None:
    await tx.execute(SQL.end_overflow, team_id)


async def seats(
    tx: Tx, book: RoutingBook, ids: Sequence[UUID] | None = None, handling: Mapping[UUID, int] = _NOTHING,
    duty: Duty = _AS_THEY_SAY,
) -> list[Seat]:  # fmt: skip
    rows = await (tx.fetch(SQL.all_seats) if ids is None else tx.fetch(SQL.seats_among, ids))
    return [_seat(row, book, handling, duty) for row in rows]


async def on_duty(tx: Tx, team_id: UUID | None, lost_since: datetime, helpers: Sequence[UUID] = ()) -> bool:
    return bool(await tx.fetchval(SQL.on_duty, team_id, lost_since, list(helpers)))


async def queue_length(tx: Tx, inbox_id: UUID) -> int:
    return int(await tx.fetchval(SQL.queue_length, inbox_id))


async def stances(tx: Tx, work_ids: Sequence[UUID] | None = None) -> list[Stance]:
    rows = await (tx.fetch(SQL.all_stances) if work_ids is None else tx.fetch(SQL.stances_among, work_ids))
    return [msgspec.convert(dict(row), Stance) for row in rows]


async def burdens(tx: Tx, work_ids: Sequence[UUID] | None = None) -> list[Burden]:
    rows = await (tx.fetch(SQL.all_burdens) if work_ids is None else tx.fetch(SQL.burdens_among, work_ids))
    return [msgspec.convert(dict(row), Burden) for row in rows]


async def reweigh(tx: Tx, weights: Mapping[UUID, int]) -> set[UUID]:
    """Those that are still open."""
    return {row["id"] for row in await tx.fetch(SQL.reweigh, list(weights), list(weights.values()))}


async def open_assignments(tx: Tx, work_ids: Sequence[UUID]) -> dict[UUID, Assignment]:
    rows = await tx.fetch(SQL.open_assignments, list(work_ids))
    return {row["work_id"]: msgspec.convert(dict(row), Assignment) for row in rows}


async def waits_since(tx: Tx, ticket_id: UUID) -> datetime:
    """Since when a ticket waits for somebody. Raises NotFound."""
    since: datetime | None = await tx.fetchval(SQL.waits_since, ticket_id)
    if since is None:
        raise NotFound(f"ticket {ticket_id}")
    return since


async def tickets_of(tx: Tx, conversation_ids: Sequence[UUID]) -> list[UUID]:
    return [row["ticket_id"] for row in await tx.fetch(SQL.tickets_of, list(conversation_ids))]


async def live_of_tickets(tx: Tx, ticket_ids: Iterable[UUID]) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(SQL.live_of_tickets, list(ticket_ids))]


async def serving_of_agent(tx: Tx, agent_id: UUID) -> list[UUID]:
    return [row["work_id"] for row in await tx.fetch(SQL.serving_of_agent, agent_id)]


async def add_assignments(tx: Tx, rows: Sequence[NewAssignment], at: datetime) -> dict[UUID, UUID]:
    """The id of the new assignment of each work."""
    ids = [new_id(at) for _ in rows]
    await tx.execute(
        SQL.add_assignments, ids, [r.work for r in rows], [r.work_id for r in rows], [r.agent_id for r in rows],
        [r.load for r in rows], [r.counted for r in rows], at, [r.explanation for r in rows],
        [r.weight for r in rows], [r.alone for r in rows],
    )  # fmt: skip
    return {row.work_id: made for row, made in zip(rows, ids, strict=True)}


async def end_assignments(tx: Tx, reasons: Mapping[UUID, str], at: datetime) -> list[Shift]:
    rows = await tx.fetch(SQL.end_assignments, list(reasons), list(reasons.values()), at)
    return [_shift(r, -1) for r in rows if r["counted"]]


async def recount(tx: Tx, counted: Mapping[UUID, bool]) -> list[Shift]:
    rows = await tx.fetch(SQL.recount, list(counted), list(counted.values()))
    return [_shift(r, 1 if r["counted"] else -1) for r in rows]


async def load_drift(tx: Tx) -> dict[UUID, LoadShift]:
    """What must be added to those whose counter is wrong."""
    rows = await tx.fetch(SQL.load_drift)
    return {row["agent_id"]: LoadShift(row["live"], row["async"], row["alone"]) for row in rows}


async def all_agents(tx: Tx) -> list[UUID]:
    return [row["agent_id"] for row in await tx.fetch(SQL.all_agents)]


async def locale(tx: Tx, contact_id: UUID) -> str | None:
    """The language a customer is spoken to in."""
    spoken: str | None = await tx.fetchval(SQL.locale, contact_id)
    return spoken


async def leading(tx: Tx) -> set[UUID]:
    """Everybody who leads a team."""
    return {row["agent_id"] for row in await tx.fetch(SQL.leading)}


async def teams(tx: Tx) -> list[tuple[UUID, str]]:
    return [(row["id"], row["name"]) for row in await tx.fetch(SQL.teams)]


async def told(tx: Tx, work_id: UUID) -> Told | None:
    row = await tx.fetchrow(SQL.told, work_id)
    return msgspec.convert(dict(row), Told) if row else None


async def decided(tx: Tx, work_id: UUID, most: int) -> list[Told]:
    """All that were made of a work, the newest first."""
    return [msgspec.convert(dict(row), Told) for row in await tx.fetch(SQL.decided, work_id, most)]


async def queue_of(tx: Tx, kind: WorkKind, team_id: UUID | None, most: int) -> list[Record]:
    """What waits for a team, as far as its order goes."""
    return await tx.fetch(SQL.queue_of, kind, team_id, most)


async def queue(tx: Tx, team_id: UUID | None, loads: Collection[LoadKind]) -> tuple[int, datetime | None]:
    """How much waits for a team, and since when the first of it."""
    kinds = [kind for kind in (WorkKind.CONVERSATION, WorkKind.TICKET) if kind.load in loads]
    row = await tx.fetchrow(SQL.queue, team_id, kinds)
    assert row is not None
    return row["length"], row["first"]


async def follows_up(tx: Tx, ticket_id: UUID, agent_id: UUID) -> bool:
    """Whether it is about a low rating of this very agent."""
    return bool(await tx.fetchval(SQL.rated_by, ticket_id, agent_id))


async def urgency(tx: Tx, ticket_id: UUID | None) -> int:
    """As which a conversation weighs: that of its ticket, else the usual."""
    found: int | None = await tx.fetchval(SQL.urgency, ticket_id) if ticket_id is not None else None
    return found or 2


async def unanswered(tx: Tx, conversation_id: UUID) -> Record | None:
    """A served conversation in which nobody said a word of ours since it was given."""
    return await tx.fetchrow(SQL.unanswered, conversation_id)


async def names(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, str]:
    """What these agents, teams and skills are called."""
    return {row["id"]: row["name"] for row in await tx.fetch(SQL.names, list(set(ids)))}


async def waits(tx: Tx, work_id: UUID) -> str | None:
    """'over', 'triage', 'live' or 'other'; None when there is no such work."""
    how: str | None = await tx.fetchval(SQL.waits, work_id)
    return how


async def places(tx: Tx, ids: Sequence[UUID], book: RoutingBook, now: datetime) -> dict[UUID, tuple[int, UUID | None]]:
    """(place, team) of those that queue."""
    of = [(row["inbox_id"], row["team_id"]) for row in await tx.fetch(SQL.queued_at)]
    spans = [span.total_seconds() if (span := book.of(*each).ageing[LoadKind.LIVE]) else None for each in of]
    rows = await tx.fetch(
        SQL.places, list(ids), [inbox for inbox, _ in of], [team for _, team in of], spans, now, HIGHEST,
        SPANS_TO_THE_TOP,
    )  # fmt: skip
    return {row["id"]: (row["place"], row["team_id"]) for row in rows}


async def pace(tx: Tx, team_id: UUID | None, since: datetime) -> tuple[int, int]:
    row = await tx.fetchrow(SQL.pace, team_id, since)
    assert row is not None
    return row["served"], row["people"]


async def missed_moves(tx: Tx, work_id: UUID) -> int:
    return int(await tx.fetchval(SQL.missed_moves, work_id))


async def last_endings(tx: Tx, agent_id: UUID, count: int) -> list[str | None]:
    return [row["end_reason"] for row in await tx.fetch(SQL.last_endings, agent_id, count)]


async def add_offer(tx: Tx, o: Offer) -> None:
    await tx.execute(
        SQL.add_offer, o.id, o.work, o.work_id, o.from_agent, o.to_agent, o.to_team, o.note, o.created_at, o.expires_at
    )


async def offer(tx: Tx, offer_id: UUID) -> Offer:
    row = await tx.fetchrow(SQL.offer, offer_id)
    if row is None:
        raise NotFound("no such offer")
    return msgspec.convert(dict(row), Offer)


async def decide_offer(
    tx: Tx, offer_id: UUID, state: OfferState, at: datetime, reason: str | None, by_agent: UUID | None = None
) -> bool:
    return await tx.fetchval(SQL.decide_offer, offer_id, state, at, reason, by_agent) is not None


async def open_offers(tx: Tx, agent_id: UUID, now: datetime) -> list[Offer]:
    return [msgspec.convert(dict(row), Offer) for row in await tx.fetch(SQL.open_offers, agent_id, now)]


async def open_offer_of(tx: Tx, work_id: UUID) -> Offer | None:
    row = await tx.fetchrow(SQL.open_offer_of, work_id)
    return msgspec.convert(dict(row), Offer) if row else None


async def accepted_offers(tx: Tx, work_id: UUID) -> int:
    return int(await tx.fetchval(SQL.accepted_offers, work_id))


async def membership(tx: Tx, agent_id: UUID) -> dict[UUID, bool]:
    """The agent's teams, and whether it leads them."""
    return {row["team_id"]: row["lead"] for row in await tx.fetch(SQL.membership, agent_id)}


async def team_members(tx: Tx, team_id: UUID) -> list[UUID]:
    return [row["agent_id"] for row in await tx.fetch(SQL.team_members, team_id)]


def _shift(row: Record, sign: int) -> Shift:
    return Shift(row["agent_id"], LoadKind(row["load"]), sign * row["weight"], sign * row["alone"])


def work_of(row: Record | Mapping[str, Any], rules: RoutingRules, keys: Mapping[UUID, str]) -> Work:
    """A row of `routing_waiting` as the board has it. A simulation makes such rows itself."""
    kind = WorkKind(row["kind"])
    weight = rules.weight(row["channel"], row["priority"])
    needs: dict[str, Any] = row["needs"]
    prefer = [a for a in row["prefer"] if a is not None] + [UUID(a) for a in needs.get("prefer", ())]
    reopened = bool(needs.get("reopened"))
    skills = {skill: rules.skills.get(keys.get(skill, ""), _ASKED) for skill in map(UUID, needs.get("skills", ()))}
    known = row["last_agent"] if row["last_agent"] not in {*row["returned"], *row["missed"]} else None
    bound = known if rules.topic and row["last_same"] else None
    if known and rules.sticky and row["since"] - row["last_at"] <= rules.sticky:
        prefer.append(known)
    return Work(
        id=row["id"], kind=kind, priority=row["priority"], seniority=row["seniority"],
        since=row["since"], front=bool(needs.get("front")),
        skills=frozenset(skill for skill, ask in skills.items() if ask.must), team_id=row["team_id"],
        levels={skill: ask.level for skill, ask in skills.items() if ask.must},
        wishes=frozenset(skill for skill, ask in skills.items() if not ask.must),
        senior=rules.senior_from is not None and row["level"] is not None and row["level"] >= rules.senior_from,
        bound_to=bound, bound_until=row["last_at"] + rules.topic if bound and rules.topic else None,
        ageing=rules.ageing[kind.load], pulled=rules.pulled,
        prefer=tuple(dict.fromkeys(prefer)), back_to=row["back_to"],
        back_until=row["spoken_at"] + rules.return_window if row["spoken_at"] else None,
        held_by=None if reopened else row["held_by"],
        returned={a: at + rules.returned_rest for a, at in zip(row["returned"], row["returned_at"], strict=True)},
        missed=frozenset(row["missed"]), barred=frozenset(row["barred"]), over=rules.over_for_returning,
        alone=weight.alone and kind.load is LoadKind.LIVE, weight=weight.of(kind.load),
        house_at=row["since"] + rules.skill_wait,
        should_at=row["since"] + rules.skill_should if rules.skill_should else None, rules=rules.source,
    )  # fmt: skip


def _seat(row: Record, book: RoutingBook, handling: Mapping[UUID, int], duty: Duty) -> Seat:
    live_cap, async_cap = limited(book, row["teams"], row["live_cap"], row["async_cap"])
    online = row["state"] == "online"
    away = row["state_since"] if row["state"] == "offline" else row["lost_at"]
    return Seat(
        agent_id=row["id"], name=row["name"], online=online, state=row["state"], state_since=row["state_since"],
        away_since=away, lost=row["lost_at"] is not None,
        live=row["live"], live_cap=live_cap, async_=row["async"], async_cap=async_cap, alone=row["alone"],
        idle_since=row["idle_since"], skills=frozenset(row["skills"]), teams=frozenset(row["teams"]),
        levels=dict(zip(row["skills"], row["levels"], strict=True)), handling_s=handling.get(row["id"], 0),
        off_duty=row["id"] in duty.off, leaving=row["id"] in duty.leaving,
        came_at=row["came_at"], came_with=row["came_with"],
    )  # fmt: skip
