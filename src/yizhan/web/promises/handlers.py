"""The routes of promises."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from litestar import Response, get, post
from msgspec.structs import replace

from yizhan.desk import promises as giving
from yizhan.desk import views
from yizhan.desk.promises import Given
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid
from yizhan.records import promises
from yizhan.records.agents import Permission, Scope, Viewer
from yizhan.records.promises import Promise
from yizhan.web.call import Call
from yizhan.web.given import FromPath, FromQuery, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.promises.shapes import (
    NewPromiseRequest,
    PromiseList,
    PromiseReport,
    PromiseShape,
    RecognisedAnswer,
    RecognisedShape,
    RecogniseRequest,
    WithdrawRequest,
)
from yizhan.web.seen import readable_ticket, seen_contact, seen_ticket

READ = [permits(Permission.TICKET_READ)]
WRITE = [permits(Permission.TICKET_WRITE)]
REPLY = [permits(Permission.MESSAGE_REPLY)]
_LONGEST_REPORT = timedelta(days=92)
_LAST = timedelta(days=30)


@post("/promises/recognise", guards=REPLY, status_code=200)
async def recognise_promise(data: JSONBody[RecogniseRequest], services: GivenServices) -> RecognisedAnswer:
    """今晚 8 点前回复您: the first promise in the words, by the house's time zone and hours."""
    found = giving.recognise(data.text, services.clock.now(), services.office())
    return RecognisedAnswer(RecognisedShape(found.text, found.kind, found.due) if found else None)


@get("/promises", guards=READ)
async def owed_promises(services: GivenServices, viewer: GivenViewer, mine: FromQuery[bool] = True) -> PromiseList:
    """What is owed, what is due first first: by oneself, or by all whose work one sees."""
    async with services.db.read() as tx:
        return PromiseList(await views.promises_owed(tx, viewer, mine=mine))


@get("/promises/report", guards=READ)
async def report_promises(
    services: GivenServices,
    viewer: GivenViewer,
    start: FromQuery[datetime | None] = None,
    end: FromQuery[datetime | None] = None,
) -> PromiseReport:
    """Kept and late per agent; the last 30 days unless asked otherwise. Without supervising, only one's own."""
    until = end or services.clock.now()
    since = start or until - _LAST
    if since.tzinfo is None or until.tzinfo is None or not timedelta() < until - since <= _LONGEST_REPORT:
        raise Invalid(f"a span of at most {_LONGEST_REPORT.days} days, with time zones", "start")
    eyes = viewer if viewer.may(Permission.SUPERVISE) else _own(viewer)
    async with services.db.read() as tx:
        return PromiseReport(since, until, await views.promise_report(tx, eyes, since, until))


@get("/tickets/{ticket_id:uuid}/promises", guards=READ)
async def ticket_promises(ticket_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer) -> PromiseList:
    async with services.db.read() as tx:
        await readable_ticket(tx, viewer, ticket_id)
        return PromiseList(await views.promises_of_tickets(tx, await views.with_merged(tx, ticket_id)))


@get("/contacts/{contact_id:uuid}/promises", guards=READ)
async def customer_promises(contact_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer) -> PromiseList:
    """Of the whole person, of tickets that one may see."""
    async with services.db.read() as tx:
        await seen_contact(tx, viewer, contact_id)
        rows = await views.promises_of_person(tx, contact_id)
        return PromiseList([row for row in rows if views.sees(viewer, row)])


@post("/tickets/{ticket_id:uuid}/promises", guards=WRITE)
async def give_promise(
    ticket_id: FromPath[UUID], data: JSONBody[NewPromiseRequest], call: GivenCall
) -> Response[PromiseShape]:
    """By hand: what was said on the telephone."""

    async def verb(tx: Tx) -> PromiseShape:
        await seen_ticket(tx, call.viewer, ticket_id)
        given = Given(text=data.text, kind=data.kind, due=data.due)
        book = call.services.promise_book
        made = await giving.give(tx, ticket_id, given, book, by=call.viewer.agent_id, now=call.now)
        return await _shape(tx, made)

    return await call.write(verb, 201)


@post("/promises/{promise_id:uuid}/keep", guards=WRITE, status_code=200)
async def keep_promise(promise_id: FromPath[UUID], call: GivenCall) -> Response[PromiseShape]:
    """已兑现, for what no answer shows: a call, a parcel, a repair."""

    async def verb(tx: Tx) -> PromiseShape:
        promise = await _seen(tx, call, promise_id)
        return await _shape(tx, await promises.keep(tx, promise, actor=call.actor, now=call.now))

    return await call.write(verb)


@post("/promises/{promise_id:uuid}/withdraw", guards=WRITE, status_code=200)
async def withdraw_promise(
    promise_id: FromPath[UUID], data: JSONBody[WithdrawRequest], call: GivenCall
) -> Response[PromiseShape]:
    async def verb(tx: Tx) -> PromiseShape:
        promise = await _seen(tx, call, promise_id)
        after = await promises.withdraw(tx, promise, reason=data.reason, actor=call.actor, now=call.now)
        return await _shape(tx, after)

    return await call.write(verb)


async def _seen(tx: Tx, call: Call, promise_id: UUID) -> Promise:
    promise = await promises.lock_promise(tx, promise_id)
    await seen_ticket(tx, call.viewer, promise.ticket_id)
    return promise


async def _shape(tx: Tx, promise: Promise) -> PromiseShape:
    (row,) = await views.promise_rows(tx, [promise.id])
    return PromiseShape(row)


def _own(viewer: Viewer) -> Viewer:
    return replace(viewer, scope=Scope.OWN)


routes = (
    recognise_promise, owed_promises, report_promises, ticket_promises, customer_promises, give_promise, keep_promise,
    withdraw_promise,
)  # fmt: skip
