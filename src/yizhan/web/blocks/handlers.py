"""The routes of the blacklist."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from litestar import Response, get, post

from yizhan.desk import blocks as desk
from yizhan.desk import views
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid, NotFound
from yizhan.records import blocks
from yizhan.records.agents import Permission
from yizhan.records.tickets import By
from yizhan.web.blocks.shapes import (
    BlockList,
    BlockRequest,
    BlockShape,
    ReportRequest,
    ReportStep,
    block_shape,
    step_shape,
)
from yizhan.web.call import Call
from yizhan.web.given import FromPath, FromQuery, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.seen import seen_contact, seen_conversation
from yizhan.web.services import Services

REPORT = [permits(Permission.BLOCK_SET)]
KEEP = [permits(Permission.BLOCK_KEEP)]
LOOK = [permits(Permission.SUPERVISE)]
_PAGE = 50


@post("/messages/{message_id:uuid}/report", guards=REPORT, status_code=200)
async def report_message(
    message_id: FromPath[UUID], data: JSONBody[ReportRequest], call: GivenCall
) -> Response[ReportStep]:
    """辱骂, 骚扰, 广告, 刷屏: warned at first, then the conversation ends and the customer is limited for a day."""

    async def verb(tx: Tx) -> ReportStep:
        await _seen_message(tx, call, message_id)
        rules = call.services.blacklist()
        return step_shape(await desk.report(tx, message_id, data.reason, rules, by=_by(call), now=call.now))

    return await call.write(verb)


@post("/messages/{message_id:uuid}/block", guards=KEEP)
async def block_by_message(
    message_id: FromPath[UUID], data: JSONBody[BlockRequest], call: GivenCall
) -> Response[BlockShape]:
    """A supervisor's decision, for good or until an instant; by identity, by browser, and last of all by address."""

    async def verb(tx: Tx) -> BlockShape:
        await _seen_message(tx, call, message_id)
        rules = call.services.blacklist()
        made = await desk.keep_out(
            tx, message_id, data.reason, data.scope, data.until, data.note, rules, by=_by(call), now=call.now
        )
        return await _shape(tx, call, made.id)

    return await call.write(verb, 201)


@get("/blocks", guards=LOOK)
async def list_blocks(
    services: GivenServices, viewer: GivenViewer, view: FromQuery[Literal["in_force", "review", "over"]] = "in_force",
    cursor: FromQuery[str | None] = None,
) -> BlockList:  # fmt: skip
    """Newest first: in force, to be reviewed, or over."""
    now = services.clock.now()
    before = _review_before(services, now)
    async with services.db.read() as tx:
        rows = await desk.listed(
            tx, viewer, state=view, now=now, review_before=before, after=_place(cursor), count=_PAGE
        )
        due = await desk.due_for_review(tx, before, now)
    last = rows[-1].block if len(rows) == _PAGE else None
    following = f"{last.made_at.isoformat()} {last.id}" if last else None
    return BlockList([block_shape(row, now, before) for row in rows], due, following)


@get("/contacts/{contact_id:uuid}/blocks", guards=[permits(Permission.TICKET_READ)])
async def blocks_of_contact(contact_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer) -> BlockList:
    """What stands against a customer just now."""
    now = services.clock.now()
    before = _review_before(services, now)
    async with services.db.read() as tx:
        await seen_contact(tx, viewer, contact_id)
        rows = await desk.listed(
            tx, viewer, state="in_force", now=now, review_before=before, contact_id=contact_id, count=_PAGE
        )
    return BlockList([block_shape(row, now, before) for row in rows], 0, None)


@post("/blocks/{block_id:uuid}/lift", guards=LOOK, status_code=204)
async def lift_block(block_id: FromPath[UUID], call: GivenCall) -> Response[None]:
    async def verb(tx: Tx) -> None:
        await _seen_block(tx, call, block_id)
        await blocks.lift(tx, block_id, by=call.actor, now=call.now)

    return await call.write(verb, 204)


@post("/blocks/{block_id:uuid}/review", guards=LOOK, status_code=204)
async def review_block(block_id: FromPath[UUID], call: GivenCall) -> Response[None]:
    """It was looked at, and stays for another while."""

    async def verb(tx: Tx) -> None:
        await _seen_block(tx, call, block_id)
        await blocks.review(tx, block_id, by=call.actor, now=call.now)

    return await call.write(verb, 204)


async def _seen_message(tx: Tx, call: Call, message_id: UUID) -> None:
    rows = await views.messages_by_id(tx, [message_id])
    if not rows:
        raise NotFound("no such message")
    await seen_conversation(tx, call.viewer, rows[0].conversation_id)


async def _seen_block(tx: Tx, call: Call, block_id: UUID) -> None:
    one = await blocks.lock(tx, block_id)
    if one.conversation_id is not None:
        await seen_conversation(tx, call.viewer, one.conversation_id)


async def _shape(tx: Tx, call: Call, block_id: UUID) -> BlockShape:
    before = _review_before(call.services, call.now)
    one = await blocks.lock(tx, block_id)
    rows = await desk.listed(
        tx, call.viewer, state="in_force", now=call.now, review_before=before, contact_id=one.contact_id, count=_PAGE
    )
    return next(block_shape(row, call.now, before) for row in rows if row.block.id == block_id)


def _review_before(services: Services, now: datetime) -> datetime:
    return now - timedelta(days=services.blacklist().review_days)


def _place(cursor: str | None) -> tuple[datetime, UUID] | None:
    if cursor is None:
        return None
    try:
        at, _, id = cursor.partition(" ")
        return datetime.fromisoformat(at), UUID(id)
    except ValueError:
        raise Invalid("not a place in this list", "cursor") from None


def _by(call: Call) -> By:
    return By(call.actor, call.viewer.agent_id)


routes = (report_message, block_by_message, list_blocks, blocks_of_contact, lift_block, review_block)
