"""查进度 and 催单 by the visitor: signed, and only of tickets in which he himself has a conversation."""

from __future__ import annotations

from datetime import datetime

import msgspec
from litestar import get, post

from yizhan.desk import followups
from yizhan.desk.progress import Progress, Reached, owned_by, progress_of_visitor
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, NotFound, RateLimited
from yizhan.records import tickets
from yizhan.records.tickets import By
from yizhan.web.given import FromPath, GivenServices
from yizhan.web.guards import PUBLIC, AnyRequest
from yizhan.web.widget.door import Guest, bearer_guest
from yizhan.web.widget.saying import identity_of, own_identities


class VisitorTicket(msgspec.Struct):
    """`answer_by` is when somebody looks again, if that is known."""

    number: int
    subject: str
    status: str
    created_at: datetime
    answer_by: datetime | None
    steps: list[Reached]
    chases: int


class VisitorTickets(msgspec.Struct):
    items: list[VisitorTicket]


@get("/widget/{key:str}/progress", opt=PUBLIC)
async def visitor_progress(key: FromPath[str], request: AnyRequest, services: GivenServices) -> VisitorTickets:
    guest = await bearer_guest(services, request, key)
    async with services.db.read() as tx:
        return await _all(tx, guest)


@post("/widget/{key:str}/progress/{number:int}/chase", opt=PUBLIC, status_code=200)
async def visitor_chase(
    key: FromPath[str], number: FromPath[int], request: AnyRequest, services: GivenServices
) -> VisitorTickets:
    """催单: counted, at most once in ten minutes."""
    guest = await bearer_guest(services, request, key)
    wait = services.widgets.messages.take(guest.blind.hex())
    if wait:
        raise RateLimited(wait)
    now = services.clock.now()
    async with services.db.transaction() as tx:
        ticket_id = await owned_by(tx, await own_identities(tx, guest), number)
        identity = await identity_of(tx, guest)
        if ticket_id is None or identity is None:
            raise NotFound(f"ticket #{number}")
        ticket = await tickets.lock_ticket(tx, ticket_id)
        if ticket.chased_at is not None and now - ticket.chased_at < followups.QUIET:
            raise Conflict("it was chased only just now; we have been told")
        by = By(f"customer:{identity.contact_id}")
        said = tickets.line("chased", words="催一下")
        await followups.chase(tx, ticket_id, text=said, by=by, now=now, typed=False)
        return await _all(tx, guest)


async def _all(tx: Tx, guest: Guest) -> VisitorTickets:
    found = await progress_of_visitor(tx, await own_identities(tx, guest))
    return VisitorTickets([_shape(each) for each in found if each.status != "cancelled"])


def _shape(of: Progress) -> VisitorTicket:
    return VisitorTicket(of.number, of.subject, of.status, of.created_at, of.answer_by, of.steps, of.chases)


routes = (visitor_progress, visitor_chase)
