"""Where a notice about a ticket belongs, and whom the words of a rule mean there: handler, owner, lead, team."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

import msgspec

from yizhan.desk.views.store import SQL
from yizhan.foundation.db import Tx


class NoticePlace(msgspec.Struct, frozen=True):
    """`meant` leaves out duty and roles: who they are is decided where notices are delivered."""

    id: UUID
    version: int
    brand_id: UUID
    team_id: UUID | None
    agent_id: UUID | None
    owner_id: UUID | None
    contact_id: UUID
    number: int
    leads: list[UUID]
    members: list[UUID]

    def meant(self, words: Iterable[str]) -> list[UUID]:
        people: dict[str, Sequence[UUID | None]] = {
            "handler": [self.agent_id],
            "owner": [self.owner_id],
            "lead": self.leads,
            "team": self.members,
        }
        return list(dict.fromkeys(each for word in words for each in people.get(word, []) if each is not None))


async def notice_places(tx: Tx, tickets: Collection[UUID]) -> dict[UUID, NoticePlace]:
    if not tickets:
        return {}
    return {row["id"]: NoticePlace(*row.values()) for row in await tx.fetch(SQL.notice_places, list(tickets))}


async def leads_of(tx: Tx, team: UUID | None) -> list[UUID]:
    return [row["agent_id"] for row in await tx.fetch(SQL.leads_of, team)] if team else []
