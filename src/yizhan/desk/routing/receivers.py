"""Before a 转接: who can take it now, and how long it takes until somebody does (floor rule 2.5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from yizhan.desk.routing import store
from yizhan.desk.routing.insight import expected_wait
from yizhan.desk.routing.model import LoadKind, Seat
from yizhan.desk.routing.pools import hindrance
from yizhan.desk.routing.rules import RoutingBook, routing_book
from yizhan.foundation.db import Tx
from yizhan.records import conversations
from yizhan.records.rosters import Duty

_LOOK_BACK = timedelta(minutes=15)


class FreeTeam(msgspec.Struct, frozen=True):
    """`free` people could take it now; where there is nobody, `wait_s` is what its queue takes."""

    team_id: UUID
    name: str
    free: int
    wait_s: int


class FreeAgent(msgspec.Struct, frozen=True):
    """`room` is how many more he can take."""

    agent_id: UUID
    name: str
    team_ids: tuple[UUID, ...]
    lead: bool
    room: int
    carried: int
    cap: int


class Receivers(msgspec.Struct, frozen=True):
    """Who is not there is not named. `only_leads`: it was transferred as often as may be, a 组长 takes it now.

    `answer_s` is how long whoever is asked has.
    """

    only_leads: bool
    answer_s: int
    transfers: int
    teams: tuple[FreeTeam, ...]
    agents: tuple[FreeAgent, ...]


async def receivers(
    tx: Tx, conversation_id: UUID, *, now: datetime, book: RoutingBook | None = None, duty: Duty | None = None
) -> Receivers:
    rules = book or routing_book()
    c = await conversations.lock_conversation(tx, conversation_id)
    of_place = rules.of(c.inbox_id, c.team_id)
    done = await store.accepted_offers(tx, c.id)
    only_leads = done >= of_place.transfers_before_lead
    leading = await store.leading(tx)
    seats = [seat for seat in await store.seats(tx, rules, duty=duty or Duty()) if seat.agent_id != c.agent_id]
    weight = of_place.weight(c.channel, await store.urgency(tx, c.ticket_id)).live
    free = [seat for seat in seats if hindrance(LoadKind.LIVE, weight, seat) is None]
    if only_leads:
        free = [seat for seat in free if seat.agent_id in leading]
    answer = int(of_place.offer_life.total_seconds())
    teams = () if only_leads else tuple([await _team(tx, *team, free, answer, now) for team in await store.teams(tx)])
    people = sorted((_agent(seat, seat.agent_id in leading) for seat in free), key=lambda a: (-a.room, a.name))
    return Receivers(only_leads, answer, done, tuple(t for t in teams if _staffed(t.team_id, seats)), tuple(people))


async def _team(tx: Tx, team_id: UUID, name: str, free: Sequence[Seat], answer: int, now: datetime) -> FreeTeam:
    able = sum(team_id in seat.teams for seat in free)
    wait = answer if able else expected_wait(1, *await store.pace(tx, team_id, now - _LOOK_BACK))
    return FreeTeam(team_id, name, able, wait)


def _agent(seat: Seat, lead: bool) -> FreeAgent:
    teams = tuple(sorted(seat.teams))
    return FreeAgent(seat.agent_id, seat.name, teams, lead, seat.room(LoadKind.LIVE), seat.live, seat.live_cap)


def _staffed(team_id: UUID, seats: Sequence[Seat]) -> bool:
    """Whether anybody of a team is in the house: a team nobody of which is there is not offered."""
    return any(team_id in seat.teams and seat.away_since is None for seat in seats)
