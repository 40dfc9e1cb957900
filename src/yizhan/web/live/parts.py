"""Rows of other capabilities on the agents' sockets: 转接 offers come and go while they can be answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk import routing, views
from yizhan.desk.live import PartRow
from yizhan.desk.routing import Offer
from yizhan.desk.views import ConversationRow
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import NotFound
from yizhan.foundation.journal import Entry
from yizhan.records import agents


class OfferRow(msgspec.Struct, frozen=True):
    """The same as `GET /offers` gives."""

    id: UUID
    conversation: ConversationRow
    from_agent: UUID | None
    to_agent: UUID | None
    to_team: UUID | None
    note: str
    state: str
    expires_at: datetime


class OfferPart:
    entity = "offer"

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def wants(self, entry: Entry) -> bool:
        return entry.kind.startswith("offer.")

    async def rows(self, tx: Tx, entries: Sequence[Entry]) -> Sequence[PartRow]:
        """In order; an offer made and decided within one tick ends up gone."""
        return [row for entry in entries for row in await self._rows(tx, entry)]

    async def _rows(self, tx: Tx, entry: Entry) -> list[PartRow]:
        asked = await _asked(tx, entry)
        if not asked:
            return []
        offer = await self._open(tx, entry, next(iter(asked))) if entry.kind == "offer.made" else None
        conversation = await views.conversation_rows(tx, [offer.work_id]) if offer else []
        if offer is None or not conversation:
            return [PartRow(entry.subject, entry.subject_version, None, asked)]
        row = OfferRow(
            offer.id, conversation[0], offer.from_agent, offer.to_agent, offer.to_team, offer.note, offer.state,
            offer.expires_at,
        )  # fmt: skip
        words = f"{conversation[0].contact_name}:{offer.note}"[:140]
        return [PartRow(offer.id, entry.subject_version, row, asked, alert=("offer", offer.work_id, words))]

    async def _open(self, tx: Tx, entry: Entry, agent_id: UUID) -> Offer | None:
        offers = await routing.offers_for(tx, agent_id, now=self._clock.now())
        return next((offer for offer in offers if offer.id == entry.subject), None)


async def _asked(tx: Tx, entry: Entry) -> frozenset[UUID]:
    """One agent, or everybody in the team but the giver."""
    team, to, giver = (entry.data.get(name) for name in ("team", "to", "from"))
    if not team:
        return frozenset({UUID(to)}) if to else frozenset()
    try:
        members = (await agents.team(tx, UUID(team))).members
    except NotFound:
        return frozenset()
    return frozenset(member.agent_id for member in members if str(member.agent_id) != giver)
