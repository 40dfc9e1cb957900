"""One customer as a viewer may see him: who he is, what is on for him, and whose browsers are his."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import MAXYEAR
from uuid import UUID

import msgspec

from yizhan.desk.views.consulting import guest_tickets
from yizhan.desk.views.model import (
    ContactHead,
    CustomerView,
    IdentityRow,
    MemberRow,
    PersonLink,
    TicketElsewhere,
    TicketRow,
)
from yizhan.desk.views.promising import scope_of
from yizhan.desk.views.scope import sees
from yizhan.desk.views.store import SQL, ticket_rows
from yizhan.foundation.db import Record, Tx
from yizhan.foundation.errors import NotFound
from yizhan.records import contacts
from yizhan.records.agents import Scope, Viewer


async def customer(tx: Tx, viewer: Viewer, contact_id: UUID) -> CustomerView:
    """Five queries whatever the person's history, one more where there is work of other teams; figures, timeline and
    trail are others' to add.

    Who serves a customer learns of all that is on for him, and reads what his scope and consultations open to him; who
    sees his own work alone learns of nothing else.
    """
    row = await tx.fetchrow(SQL.head_of_person, contact_id)
    if row is None:
        raise NotFound(f"contact {contact_id}")
    head = ContactHead(*row.values())
    own = viewer.agent_id if viewer.scope is Scope.OWN else None
    tickets = await ticket_rows(tx, [r["id"] for r in await tx.fetch(SQL.tickets_of_person, head.person_id, 20, own)])
    beyond = {ticket.id for ticket in tickets if not sees(viewer, ticket)}
    if beyond:
        beyond -= (await guest_tickets(tx, [viewer.agent_id])).get(viewer.agent_id, frozenset())
    return CustomerView(
        contact=head,
        members=[MemberRow(*r.values()) for r in await tx.fetch(SQL.members, head.person_id)],
        links=[PersonLink(*r.values()) for r in await tx.fetch(SQL.person_links, head.person_id)],
        identities=[_identity(r) for r in await tx.fetch(SQL.identities, head.person_id)],
        tickets=[ticket for ticket in tickets if ticket.id not in beyond],
        elsewhere=[_elsewhere(ticket) for ticket in tickets if ticket.id in beyond],
    )


async def visitors_of_person(tx: Tx, person_id: UUID) -> list[bytes]:
    return [r["blind"] for r in await tx.fetch(SQL.visitors_of_person, person_id)]


async def visitors_named(tx: Tx, visitors: Sequence[bytes]) -> dict[bytes, tuple[UUID, str]]:
    """(contact, name) of the browsers that have written to us."""
    return {r["blind"]: (r["id"], r["name"]) for r in await tx.fetch(SQL.visitors_named, visitors)}


async def contact_seen(tx: Tx, viewer: Viewer, contact_id: UUID) -> bool:
    scope, agent, teams, brands = scope_of(viewer)
    return bool(await tx.fetchval(SQL.contact_seen, contact_id, agent, teams, brands, scope))


async def contacts_seen(tx: Tx, viewer: Viewer, of: Collection[UUID]) -> frozenset[UUID]:
    """Those of them."""
    scope, agent, teams, brands = scope_of(viewer)
    return frozenset(r["id"] for r in await tx.fetch(SQL.contacts_seen, list(of), agent, teams, brands, scope))


def _identity(row: Record) -> IdentityRow:
    end = contacts.fresh_until(row["kind"], row["verified_at"])
    known = IdentityRow(*row.values())
    return msgspec.structs.replace(known, fresh_until=None if end is None or end.year == MAXYEAR else end)


def _elsewhere(row: TicketRow) -> TicketElsewhere:
    return TicketElsewhere(row.id, row.number, row.type, row.status, row.team_name or "", row.last_message_at)
