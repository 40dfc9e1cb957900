"""The routes of imports."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from tempfile import TemporaryFile
from typing import BinaryIO
from urllib.parse import quote
from uuid import UUID

from litestar import Response, get, post, put
from litestar.response import Stream

from yizhan.desk import imports
from yizhan.desk.imports import PART, Import, ImportLook
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Forbidden, Invalid, TooLarge
from yizhan.records.agents import Permission
from yizhan.web.given import FromPath, FromQuery, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import AnyRequest, permits
from yizhan.web.imports.shapes import (
    FileImportList,
    FileImportShape,
    LookRequest,
    NewImport,
    StartRequest,
    import_shape,
)
from yizhan.web.services import Services

IMPORT = [permits(Permission.CUSTOMER_IMPORT)]
_FAULTS_TOGETHER = 1_000


@post("/imports", guards=IMPORT)
async def open_import(data: JSONBody[NewImport], call: GivenCall) -> Response[FileImportShape]:
    """The file follows in parts."""

    async def verb(tx: Tx) -> FileImportShape:
        made = await imports.open_import(
            tx, call.viewer.agent_id, kind=data.kind, source=data.source, name=data.name, size=data.size, now=call.now
        )
        return import_shape(made, PART)

    return await call.write(verb, 201)


@put("/imports/{import_id:uuid}/parts/{place:int}", guards=IMPORT, status_code=204)
async def put_part(
    import_id: FromPath[UUID], place: FromPath[int], request: AnyRequest, services: GivenServices
) -> None:
    """The bare bytes of one part, counted from 0."""
    content = await request.body()
    if not content:
        raise Invalid("the file is empty", "file")
    if len(content) > PART:
        raise TooLarge(f"at most {PART} bytes")
    hash = await imports.keep(services.blobs, import_id, content)
    async with services.db.transaction() as tx:
        await imports.add_part(tx, import_id, place, hash)


@post("/imports/{import_id:uuid}/look", guards=IMPORT, status_code=200)
async def look_into(import_id: FromPath[UUID], data: JSONBody[LookRequest], services: GivenServices) -> ImportLook:
    """What the file seems to be: its head, some rows, and what each column may mean. Changes nothing."""
    async with services.db.read() as tx:
        told = await imports.job(tx, import_id)
    imports.ensure_whole(told)
    with TemporaryFile() if told.is_excel else io.BytesIO() as file:
        await _head(told, services, file)
        return await asyncio.to_thread(
            imports.look, told, file, services.profile_book.now, encoding=data.encoding, delimiter=data.delimiter,
            sheet=data.sheet,
        )  # fmt: skip


async def _head(told: Import, services: GivenServices, file: BinaryIO) -> None:
    """The first part is enough of a text; of an Excel file all is needed."""
    if told.is_excel:
        await imports.fetch(told, services.blobs, file)
    else:
        file.write(await imports.content(services.blobs, told, 0))
        file.seek(0)


@post("/imports/{import_id:uuid}/start", guards=IMPORT, status_code=200)
async def start_import(
    import_id: FromPath[UUID], data: JSONBody[StartRequest], call: GivenCall
) -> Response[FileImportShape]:  # fmt: skip
    """A dry run, or the real one. It goes on by itself; ask for the import to see how far it is."""

    async def verb(tx: Tx) -> FileImportShape:
        begun = await imports.start(
            tx, import_id, data.plan, dry=data.dry, rules=call.services.profile_book.now, actor=call.actor, now=call.now
        )
        return import_shape(begun, PART)

    return await call.write(verb)


@post("/imports/{import_id:uuid}/cancel", guards=IMPORT, status_code=200)
async def cancel_import(import_id: FromPath[UUID], call: GivenCall) -> Response[FileImportShape]:
    """What went in stays in."""

    async def verb(tx: Tx) -> FileImportShape:
        return import_shape(await imports.cancel(tx, import_id, actor=call.actor, now=call.now), PART)

    return await call.write(verb)


@get("/imports", guards=IMPORT)
async def latest_imports(services: GivenServices) -> FileImportList:
    async with services.db.read() as tx:
        return FileImportList([import_shape(each, PART) for each in await imports.latest(tx)])


@get("/imports/{import_id:uuid}", guards=IMPORT)
async def one_import(import_id: FromPath[UUID], services: GivenServices) -> FileImportShape:
    async with services.db.read() as tx:
        return import_shape(await imports.job(tx, import_id), PART)


@get("/imports/{import_id:uuid}/faults.csv", guards=IMPORT, media_type="text/csv")
async def fault_file(
    import_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer, lang: FromQuery[str] = "zh"
) -> Stream:
    """All rows that were refused, each with what is wrong: to be mended and brought again. They are in clear, so that
    somebody else than who brought the file needs to be one who may reveal; that they left is in the journal."""
    async with services.db.transaction() as tx:
        told = await imports.job(tx, import_id)
        if told.agent_id != viewer.agent_id and not viewer.may(Permission.CUSTOMER_REVEAL):
            raise Forbidden("refused rows are in clear: they are for who brought the file, and for who may reveal")
        await imports.tell(tx, imports.DOWNLOADED, told, viewer.actor, services.clock.now())
    titles = await _titles(told, services)
    name = quote(f"{told.name.rpartition('.')[0] or told.name}-refused.csv")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "no-store"}
    lines = _faults(services, import_id, titles, "en" if lang == "en" else "zh")
    return Stream(lines, media_type="text/csv; charset=utf-8", headers=headers)


async def _titles(told: Import, services: Services) -> tuple[str, ...]:
    if told.plan is None:
        return ()
    with TemporaryFile() if told.is_excel else io.BytesIO() as file:
        await _head(told, services, file)
        titles, _ = await asyncio.to_thread(imports.table, told, told.plan, file)
    return titles


async def _faults(services: Services, id: UUID, titles: tuple[str, ...], language: str) -> AsyncIterator[bytes]:
    """However many there are, a few are held at a time."""
    yield imports.fault_head(titles, language)
    row = 0
    while True:
        async with services.db.read() as tx:
            page = await imports.faults(tx, services.vault, id, row, _FAULTS_TOGETHER)
        yield imports.fault_lines(page, language)
        if len(page) < _FAULTS_TOGETHER:
            return
        row = page[-1].row


routes = (
    open_import, put_part, look_into, start_import, cancel_import, latest_imports, one_import, fault_file,
)  # fmt: skip
