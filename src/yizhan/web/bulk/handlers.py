"""The routes of bulk jobs. A job is seen by who began it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from msgspec import Meta

from yizhan.desk import bulk, views
from yizhan.desk.bulk import BulkChange, BulkItem, BulkJob
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import NotFound
from yizhan.records.agents import Permission, Viewer
from yizhan.records.config import in_chinese
from yizhan.web.conversations.shapes import Words
from yizhan.web.given import FromPath, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.tickets import given_tags

WRITE = [permits(Permission.TICKET_WRITE)]


class BulkRequest(msgspec.Struct):
    """One note for all."""

    ticket_ids: Annotated[list[UUID], Meta(min_length=1, max_length=bulk.MOST)]
    change: BulkChange
    text: Words


class Outcome(msgspec.Struct):
    """`zh` is the detail in Chinese, where it has names or numbers in it."""

    ticket_id: UUID
    number: int
    state: str
    code: str | None
    detail: str | None
    zh: str | None


class BulkShape(msgspec.Struct):
    """`failures` are those refused, each with its reason."""

    id: UUID
    change: BulkChange
    note: str
    state: str
    total: int
    done: int
    failed: int
    undoes: UUID | None
    undone_by: UUID | None
    created_at: datetime
    ended_at: datetime | None
    failures: list[Outcome]


class BulkList(msgspec.Struct):
    items: list[BulkShape]


@post("/bulk", guards=WRITE)
async def start_bulk(data: JSONBody[BulkRequest], call: GivenCall) -> Response[BulkShape]:
    """Begins at once and goes on by itself; ask for the job to see how far it is."""

    async def verb(tx: Tx) -> BulkShape:
        bulk.check_change(data.change)
        change = data.change
        if change.add:
            change = msgspec.structs.replace(change, add=tuple(await given_tags(tx, call, list(change.add))))
        if data.change.type:
            call.services.type_book.tree.check(data.change.type, "change.type")
        seen = {row.id for row in await views.ticket_rows(tx, data.ticket_ids) if views.sees(call.viewer, row)}
        unseen = next((each for each in data.ticket_ids if each not in seen), None)
        if unseen is not None:
            raise NotFound(f"ticket {unseen}")
        return _shape(await bulk.start(
            tx, call.viewer.agent_id, data.ticket_ids, change, note=data.text, now=call.now
        ))  # fmt: skip

    return await call.write(verb, 201)


@get("/bulk", guards=WRITE)
async def my_bulk(services: GivenServices, viewer: GivenViewer) -> BulkList:
    async with services.db.read() as tx:
        return BulkList([_shape(each) for each in await bulk.jobs_of(tx, viewer.agent_id)])


@get("/bulk/{job_id:uuid}", guards=WRITE)
async def one_bulk(job_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer) -> BulkShape:
    async with services.db.read() as tx:
        told = await _own(tx, viewer, job_id)
        return _shape(told, await bulk.outcomes(tx, job_id, "failed") if told.failed else [])


@post("/bulk/{job_id:uuid}/undo", guards=WRITE)
async def undo_bulk(job_id: FromPath[UUID], call: GivenCall) -> Response[BulkShape]:
    """A job of its own. What was touched since, and what no move leads back from, stays and is named."""

    async def verb(tx: Tx) -> BulkShape:
        await _own(tx, call.viewer, job_id)
        return _shape(await bulk.undo(tx, job_id, call.viewer.agent_id, now=call.now))

    return await call.write(verb, 201)


async def _own(tx: Tx, viewer: Viewer, job_id: UUID) -> BulkJob:
    told = await bulk.job(tx, job_id)
    if told.agent_id != viewer.agent_id:
        raise NotFound(f"bulk job {job_id}")
    return told


def _shape(j: BulkJob, failures: list[BulkItem] | None = None) -> BulkShape:
    return BulkShape(
        j.id, j.change, j.note, j.state, j.total, j.done, j.failed, j.undoes, j.undone_by, j.created_at, j.ended_at,
        [Outcome(i.ticket_id, i.number, i.state, i.code, i.detail, in_chinese(i.detail or "")) for i in failures or []],
    )  # fmt: skip


routes = (start_bulk, my_bulk, one_bulk, undo_bulk)
