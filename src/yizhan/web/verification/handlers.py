"""The routes of verifications, and of what becomes of an identifier by a person's hand."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from litestar import Response, get, post

from yizhan.desk import verification
from yizhan.desk.outlets import Cause, Dispatch, Outlet, PostFailed
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict
from yizhan.records import contacts, verifications
from yizhan.records.agents import Permission
from yizhan.records.verifications import Way
from yizhan.web.given import FromPath, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.seen import seen_contact, seen_conversation
from yizhan.web.services import Services
from yizhan.web.verification.doors import verify_link
from yizhan.web.verification.shapes import EndIdentity, ShareIdentity, VerificationShape, VerificationWish

READ = [permits(Permission.CUSTOMER_READ)]
REPLY = [permits(Permission.MESSAGE_REPLY)]
WRITE = [permits(Permission.CUSTOMER_WRITE)]


@get("/conversations/{conversation_id:uuid}/verification", guards=READ)
async def open_verification(
    conversation_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer
) -> VerificationShape:
    """核身 as it stands, and where a code could go; no address is told in clear."""
    async with services.db.read() as tx:
        owner = await seen_conversation(tx, viewer, conversation_id)
        return await _shape(
            tx, services, conversation_id, owner.contact_id, services.clock.now(), viewer.may(Permission.MESSAGE_REPLY)
        )


@post("/conversations/{conversation_id:uuid}/verification", guards=REPLY)
async def begin_verification(
    conversation_id: FromPath[UUID], data: JSONBody[VerificationWish], call: GivenCall
) -> Response[VerificationShape]:
    """Sends a code or a link. It is kept first; then it leaves, and how that went is told at once."""
    services, now = call.services, call.now
    code = f"{secrets.randbelow(1_000_000):06d}"
    kept: list[verification.Carry] = []

    async def verb(tx: Tx) -> VerificationShape:
        owner = await seen_conversation(tx, call.viewer, conversation_id)
        begun = await verification.begin(
            tx, services.vault, conversation_id, Way(data.way), data.address, services.verification_book,
            verify_link(services.settings.public_url, services.signer), code=code, agent_id=call.viewer.agent_id,
            now=now,
        )  # fmt: skip
        kept.append(begun)
        return await _shape(tx, services, conversation_id, owner.contact_id, now, True)

    answer = await call.write(verb, 201)
    if not kept:  # a repeat: nothing leaves twice
        return answer
    error = await verification.carry(kept[0], _post_of(services))
    async with services.db.transaction() as tx:
        if error is None:
            await verifications.sent(tx, kept[0].verification_id, now=services.clock.now())
        else:
            await verifications.fail(tx, kept[0].verification_id, error, now=services.clock.now())
        owner = await seen_conversation(tx, call.viewer, conversation_id)
        shape = await _shape(tx, services, conversation_id, owner.contact_id, services.clock.now(), True)
    return Response(shape, status_code=201)


@post("/identities/{identity_id:uuid}/end", guards=WRITE, status_code=204)
async def end_identity(identity_id: FromPath[UUID], data: JSONBody[EndIdentity], call: GivenCall) -> Response[None]:
    """换号: it ends, what was said by it stays, and from now on it may be somebody else's."""

    async def verb(tx: Tx) -> None:
        found = await contacts.identity(tx, identity_id)
        await seen_contact(tx, call.viewer, found.contact_id)
        if found.kind in ("visitor", "user"):
            raise Conflict("a browser and a log-in are not passed on")
        await contacts.end_identity(tx, identity_id, reason=data.reason, actor=call.actor, now=call.now)

    return await call.write(verb, 204)


@post("/identities/{identity_id:uuid}/kind", guards=WRITE, status_code=204)
async def share_identity(identity_id: FromPath[UUID], data: JSONBody[ShareIdentity], call: GivenCall) -> Response[None]:
    """共用/总机, or one person's after all."""

    async def verb(tx: Tx) -> None:
        found = await contacts.identity(tx, identity_id)
        await seen_contact(tx, call.viewer, found.contact_id)
        await contacts.share_identity(tx, identity_id, data.kind, actor=call.actor, now=call.now)

    return await call.write(verb, 204)


async def _shape(tx: Tx, services: Services, id: UUID, contact_id: UUID, now: datetime, may: bool) -> VerificationShape:
    standing = await verification.standing(tx, id, contact_id, services.verification_book, now)
    return VerificationShape(standing, await verification.addresses(tx, id, services.verification_book) if may else [])


def _post_of(services: Services) -> verification.Outgoing:
    book = services.verification_book

    async def post(outlet: Outlet, dispatch: Dispatch) -> None:
        if services.postman is None:
            raise PostFailed(Cause.REFUSED, "this process sends no codes")
        await services.postman.hand_over(outlet, book.now.sms if outlet is book.sms else None, dispatch)

    return post


routes = (open_verification, begin_verification, end_identity, share_identity)
