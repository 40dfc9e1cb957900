"""What changes many tickets uses the verbs that change one, with the rules in force."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from yizhan.app.rules import HouseRules
from yizhan.desk import forms, routing, serving
from yizhan.desk.bulk import Hands, Place
from yizhan.foundation.db import Tx
from yizhan.records.tickets import Action, By, Ticket


def hands_of(rules: HouseRules) -> Hands:
    async def assign(tx: Tx, ticket_id: UUID, to: Place, note: str, by: By, now: datetime) -> None:
        await routing.assign_ticket(
            tx, ticket_id, agent_id=to.agent_id, team_id=to.team_id, note=note, by=by, now=now, book=rules.routing
        )

    async def move(tx: Tx, ticket_id: UUID, action: Action, note: str, by: By, now: datetime) -> Ticket:
        gate = forms.gate(rules.forms, now)
        return await serving.move(
            tx, ticket_id, action, text=note, by=by, now=now, types=rules.types.tree, gate=gate
        )  # fmt: skip

    return Hands(assign, move, lambda: rules.types.tree)
