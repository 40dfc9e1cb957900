"""The routes of 外部投诉, 证据包 and 法律保留."""

from __future__ import annotations

import asyncio
from urllib.parse import quote
from uuid import UUID

from litestar import Response, get, post

from yizhan.desk import views
from yizhan.desk.complaints import evidence, outside
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid
from yizhan.records import cases
from yizhan.records.agents import Permission
from yizhan.records.cases import NewCase
from yizhan.web.call import Call
from yizhan.web.complaints import reading
from yizhan.web.complaints.reading import acting
from yizhan.web.complaints.shapes import (
    CaseMergeRequest,
    CasePage,
    CaseRequest,
    CaseShape,
    HoldRequest,
    HoldShape,
    PackageShape,
    RemedyDecisionRequest,
    ReplyRequest,
)
from yizhan.web.given import FromPath, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.seen import seen_contact, seen_ticket
from yizhan.web.tickets.shapes import WordsRequest

READ = [permits(Permission.TICKET_READ)]
MANAGE = [permits(Permission.COMPLAINT_MANAGE)]
CLOSE = [permits(Permission.COMPLAINT_CLOSE)]


@get("/external-cases", guards=MANAGE)
async def running_cases(services: GivenServices, viewer: GivenViewer) -> CasePage:
    """Those that are not closed, the nearest deadline first; only of tickets the viewer may see."""
    async with services.db.read() as tx:
        found = await reading.case_shapes(tx, await cases.running(tx))
        about = {ticket for case in found for ticket, _ in case.tickets}
        rows = await views.ticket_rows(tx, list(about)) if about else []
        seen = {row.id for row in rows if views.sees(viewer, row)}
    return CasePage([case for case in found if any(ticket in seen for ticket, _ in case.tickets)])


@post("/tickets/{ticket_id:uuid}/external-cases", guards=MANAGE)
async def register_case(ticket_id: FromPath[UUID], data: JSONBody[CaseRequest], call: GivenCall) -> Response[CaseShape]:
    """A number that is known already is the same case, now about this ticket too. Its deadline is in working days."""

    async def verb(tx: Tx) -> CaseShape:
        await seen_ticket(tx, call.viewer, ticket_id)
        new = NewCase(source=data.source, case_no=data.case_no, received_on=data.received_on, demands=data.demands)
        book = call.services.complaint_rules.now
        case, _ = await outside.register(tx, ticket_id, new, book, by=acting(call), now=call.now)
        return (await reading.case_shapes(tx, [case]))[0]

    return await call.write(verb, 201)


@post("/external-cases/{case_id:uuid}/merge", guards=MANAGE, status_code=200)
async def merge_cases(
    case_id: FromPath[UUID], data: JSONBody[CaseMergeRequest], call: GivenCall
) -> Response[CaseShape]:
    """One matter that came by two ways: the nearer deadline counts."""

    async def verb(tx: Tx) -> CaseShape:
        await _seen(tx, call, case_id)
        if data.into == case_id:
            raise Invalid("a case is not merged into itself", "into")
        await _seen(tx, call, data.into)
        book = call.services.complaint_rules.now
        into = await outside.merge(tx, case_id, data.into, book, by=acting(call), now=call.now)
        return (await reading.case_shapes(tx, [into]))[0]

    return await call.write(verb)


@post("/external-cases/{case_id:uuid}/replies", guards=MANAGE)
async def write_case_reply(
    case_id: FromPath[UUID], data: JSONBody[ReplyRequest], call: GivenCall
) -> Response[CaseShape]:
    """One more version; somebody else approves it."""

    async def verb(tx: Tx) -> CaseShape:
        await _seen(tx, call, case_id)
        author = call.viewer.agent_id
        await outside.write_reply(tx, case_id, data.text, agent_id=author, by=acting(call), now=call.now)
        return await _shape(tx, case_id)

    return await call.write(verb, 201)


@post("/external-replies/{reply_id:uuid}/decide", guards=CLOSE, status_code=200)
async def decide_case_reply(
    reply_id: FromPath[UUID], data: JSONBody[RemedyDecisionRequest], call: GivenCall
) -> Response[CaseShape]:
    async def verb(tx: Tx) -> CaseShape:
        case, _ = await cases.lock_reply(tx, reply_id)
        await _seen(tx, call, case.id)
        await outside.decide_reply(
            tx, reply_id, data.approve, text=data.text, agent_id=call.viewer.agent_id, by=acting(call), now=call.now
        )  # fmt: skip
        return await _shape(tx, case.id)

    return await call.write(verb)


@post("/external-cases/{case_id:uuid}/answer", guards=MANAGE, status_code=200)
async def answer_case(case_id: FromPath[UUID], call: GivenCall) -> Response[CaseShape]:
    """The approved version was handed in."""

    async def verb(tx: Tx) -> CaseShape:
        await _seen(tx, call, case_id)
        await outside.answer(tx, case_id, by=acting(call), now=call.now)
        return await _shape(tx, case_id)

    return await call.write(verb)


@post("/external-cases/{case_id:uuid}/close", guards=MANAGE, status_code=200)
async def close_case(case_id: FromPath[UUID], data: JSONBody[WordsRequest], call: GivenCall) -> Response[CaseShape]:
    """With what came of it."""

    async def verb(tx: Tx) -> CaseShape:
        await _seen(tx, call, case_id)
        await outside.close(tx, case_id, data.text, by=acting(call), now=call.now)
        return await _shape(tx, case_id)

    return await call.write(verb)


@post("/tickets/{ticket_id:uuid}/evidence", guards=MANAGE)
async def pack_evidence(ticket_id: FromPath[UUID], call: GivenCall) -> Response[PackageShape]:
    """One file with messages, orders, times, notes, journal and attachments, and the SHA-256 of each part."""
    services = call.services
    async with services.db.read() as tx:
        await seen_ticket(tx, call.viewer, ticket_id)
        (row,) = await views.ticket_rows(tx, [ticket_id])
        book = services.complaint_rules.now
        bundle = await evidence.gather(tx, ticket_id, book, by=call.actor, now=call.now)
    await evidence.enclose(bundle, services.blobs)
    content = await asyncio.to_thread(evidence.packed, bundle, ticket=row.number, by=call.actor, now=call.now)
    kept = await services.blobs.put(content, "application/zip")

    async def verb(tx: Tx) -> PackageShape:
        made = await evidence.keep(
            tx, ticket_id, content, len(bundle.files), blob=kept.hash, by=acting(call), now=call.now
        )  # fmt: skip
        return reading.package_shape(made)

    return await call.write(verb, 201)


@get("/evidence/{package_id:uuid}", guards=MANAGE)
async def download_evidence(
    package_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer
) -> Response[bytes]:
    """In the journal before the first byte leaves: who took which version when."""
    async with services.db.transaction() as tx:
        package = await cases.package(tx, package_id)
        await seen_ticket(tx, viewer, package.ticket_id)
        (row,) = await views.ticket_rows(tx, [package.ticket_id])
        await cases.tell_downloaded(tx, package, row.contact_id, actor=viewer.actor, now=services.clock.now())
    name = quote(f"证据包-{row.number}-{package.at:%Y%m%d%H%M%S}.zip")
    return Response(
        await services.blobs.get(package.blob), media_type="application/zip",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "private, no-store"},
    )  # fmt: skip


@get("/contacts/{contact_id:uuid}/holds", guards=READ)
async def holds_of_contact(contact_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer) -> list[HoldShape]:
    async with services.db.read() as tx:
        await seen_contact(tx, viewer, contact_id)
        return [reading.hold_shape(each) for each in await cases.holds(tx, contact_id)]


@post("/contacts/{contact_id:uuid}/holds", guards=CLOSE)
async def hold_contact(contact_id: FromPath[UUID], data: JSONBody[HoldRequest], call: GivenCall) -> Response[HoldShape]:
    """法律保留: nothing of this person is erased while it stands."""

    async def verb(tx: Tx) -> HoldShape:
        await seen_contact(tx, call.viewer, contact_id)
        made = await cases.hold(tx, contact_id, reason=data.reason, actor=call.actor, now=call.now)
        return reading.hold_shape(made)

    return await call.write(verb, 201)


@post("/holds/{hold_id:uuid}/release", guards=CLOSE, status_code=200)
async def release_hold(hold_id: FromPath[UUID], data: JSONBody[WordsRequest], call: GivenCall) -> Response[HoldShape]:
    async def verb(tx: Tx) -> HoldShape:
        released = await cases.release_hold(tx, hold_id, why=data.text, actor=call.actor, now=call.now)
        await seen_contact(tx, call.viewer, released.contact_id)
        return reading.hold_shape(released)

    return await call.write(verb)


async def _seen(tx: Tx, call: Call, case_id: UUID) -> None:
    """Whoever sees one of the tickets it is about."""
    about = (await cases.tickets_of(tx, [case_id]))[case_id]
    rows = await views.ticket_rows(tx, about) if about else []
    if not any(views.sees(call.viewer, row) for row in rows):
        await seen_ticket(tx, call.viewer, about[0] if about else case_id)


async def _shape(tx: Tx, case_id: UUID) -> CaseShape:
    return (await reading.case_shapes(tx, [await cases.case(tx, case_id)]))[0]


routes = (
    running_cases,
    register_case,
    merge_cases,
    write_case_reply,
    decide_case_reply,
    answer_case,
    close_case,
    pack_evidence,
    download_evidence,
    holds_of_contact,
    hold_contact,
    release_hold,
)
