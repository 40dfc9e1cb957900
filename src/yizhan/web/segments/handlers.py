"""The routes of segments."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Literal
from urllib.parse import quote
from uuid import UUID

import msgspec
from litestar import Response, delete, get, post, put
from litestar.response import Stream

from yizhan.desk import customers, segments, views
from yizhan.desk.customers import CustomerPage, CustomerRow
from yizhan.desk.segments import PROFILE, SEGMENT, Rules, SegmentDocument, SegmentTitle
from yizhan.foundation.conditions import describe
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict
from yizhan.records import agents, contacts
from yizhan.records.agents import Permission, Viewer
from yizhan.records.config import Document, Pick, title_of, who_names
from yizhan.web.config import field_shapes
from yizhan.web.given import FromPath, FromQuery, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.seen import seen_contact
from yizhan.web.segments.listing import members_page, seen_of
from yizhan.web.segments.shapes import (
    SegmentAsked,
    SegmentChoice,
    SegmentDraft,
    SegmentFields,
    SegmentFit,
    SegmentList,
    SegmentOf,
    SegmentReport,
    SegmentShape,
    SegmentsOf,
    SegmentUse,
)
from yizhan.web.services import Services

READ = [permits(Permission.CUSTOMER_READ)]
KEEP = [permits(Permission.CONFIG_MANAGE)]
EXPORT = [permits(Permission.CUSTOMER_EXPORT)]
_MOST = 200
_FILE_ROWS = 500


@get("/segments", guards=READ)
async def list_segments(services: GivenServices) -> SegmentList:
    async with services.db.read() as tx:
        return await _all(tx, services)


@get("/segments/fields", guards=READ)
async def segment_fields(services: GivenServices) -> SegmentFields:
    """What a condition may ask about a customer, with the fields of his profile as they are released."""
    async with services.db.read() as tx:
        brands = await agents.brands(tx)
    kinds = contacts.kinds_in_force().kinds
    told = [
        *(SegmentChoice("brands", each.key, each.name, each.name) for each in brands),
        *(SegmentChoice("identifiers", each.key, each.zh, each.en) for each in kinds),
        *(
            SegmentChoice(PROFILE + spec.key, each.key, each.zh, each.en)
            for spec in services.profile_book.now.fields.values() for each in spec.options
        ),
    ]  # fmt: skip
    return SegmentFields(field_shapes(services.segment_book.now.fields), told)


@post("/segments/count", guards=KEEP, status_code=200)
async def count_segment(data: JSONBody[SegmentAsked], services: GivenServices, viewer: GivenViewer) -> SegmentFit:
    """Counted now, from what is known of everybody. Refused as saving it would be."""
    asked = SegmentDocument(title=SegmentTitle("·", "·"), when=data.when)
    SEGMENT.decode(msgspec.to_builtins(asked))
    async with services.db.read() as tx:
        found = await segments.fit(tx, asked, services.segment_book.now, services.clock.now())
        return SegmentFit(found.fit, found.known, await _rows(tx, viewer, found.some))


@put("/segments/{key:str}", guards=KEEP)
async def put_segment(key: FromPath[str], data: JSONBody[SegmentDraft], call: GivenCall) -> Response[SegmentList]:
    """Saved and put in force at once; members follow within seconds."""

    async def verb(tx: Tx) -> SegmentList:
        body = msgspec.to_builtins(
            SegmentDocument(
                title=data.title, when=data.when, note=data.note.strip(), note_en=data.note_en.strip(), color=data.color
            )
        )
        configuration = call.services.configuration
        before = await configuration.history(tx, SEGMENT.name, key)
        gone = data.expected == 0 and bool(before) and before[0].body is None  # a name that was used once is free again
        saved = await configuration.save(
            tx, SEGMENT.name, key, body, by=call.actor, now=call.now, expected=None if gone else data.expected
        )
        await _release(tx, call, saved)
        return await _all(tx, call.services)

    return await call.write(verb)


@delete("/segments/{key:str}", guards=KEEP, status_code=200)
async def drop_segment(key: FromPath[str], call: GivenCall) -> Response[SegmentList]:
    """Refused while a rule asks for it, with the names of these rules."""

    async def verb(tx: Tx) -> SegmentList:
        configuration = call.services.configuration
        if naming := (await who_names(tx, configuration.kinds, SEGMENT.name)).get(key):
            told = ", ".join(f"{configuration.kinds[each.kind].title[0]}·{title_of(each)}" for each in naming)
            raise Conflict(f"rules ask for this segment: {told}; change them first")
        removed = await configuration.remove(tx, SEGMENT.name, key, by=call.actor, now=call.now)
        await _release(tx, call, removed)
        return await _all(tx, call.services)

    return await call.write(verb)


@get("/segments/{key:str}/members", guards=READ)
async def segment_members(
    key: FromPath[str], services: GivenServices, viewer: GivenViewer, cursor: FromQuery[UUID | None] = None,
    limit: FromQuery[int] = 50,
) -> CustomerPage:  # fmt: skip
    """Those whom the viewer may see, the newest customer first. A page may be short and yet not be the last."""
    count = max(1, min(limit, _MOST))
    async with services.db.read() as tx:
        return await members_page(tx, viewer, key, after=cursor, count=count)


@get("/segments/{key:str}/report", guards=READ)
async def segment_report(key: FromPath[str], services: GivenServices) -> SegmentReport:
    async with services.db.read() as tx:
        await _ensure_known(tx, services, key)
        return SegmentReport(await segments.totals(tx, key), await segments.totals(tx, None))


@get("/segments/{key:str}/members.csv", guards=EXPORT, media_type="text/csv")
async def export_segment(
    key: FromPath[str], services: GivenServices, viewer: GivenViewer, lang: FromQuery[Literal["zh", "en"]] = "zh"
) -> Stream:
    """All members whom the viewer may see, identifiers masked. That the file left the house is in the journal."""
    now = services.clock.now()
    async with services.db.transaction() as tx:
        await _ensure_known(tx, services, key)
        size = (await segments.sizes(tx)).get(key, 0)
        await segments.tell_export(tx, key, size, by=viewer.actor, now=now)
    name = quote(f"{key}-{now:%Y%m%d-%H%M%S}.csv")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "no-store"}
    return Stream(_file(services, viewer, key, lang), media_type="text/csv; charset=utf-8", headers=headers)


@get("/customers/{contact_id:uuid}/segments", guards=READ)
async def segments_of(contact_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer) -> SegmentsOf:
    documents = services.segment_book.now.documents
    async with services.db.read() as tx:
        await seen_contact(tx, viewer, contact_id)
        found = await segments.of_person(tx, await views.person_of(tx, contact_id))
    return SegmentsOf([
        SegmentOf(each.segment, documents[each.segment].title, documents[each.segment].color, each.since)
        for each in found if each.segment in documents
    ])  # fmt: skip


async def _file(services: Services, viewer: Viewer, key: str, lang: str) -> AsyncIterator[bytes]:
    """A few at a time, each in a transaction of its own: nobody keeps one open for as long as somebody downloads."""
    zone = services.profile_book.now.zone
    yield segments.head(lang)
    after: UUID | None = None
    while True:
        async with services.db.read() as tx:
            page = await segments.members(tx, key, after, _FILE_ROWS)
            cards = await segments.cards(tx, await seen_of(tx, viewer, page))
        yield segments.lines(cards, lang, zone)
        if len(page) < _FILE_ROWS:
            return
        after = page[-1]


async def _rows(tx: Tx, viewer: Viewer, persons: tuple[UUID, ...]) -> list[CustomerRow]:
    return await customers.rows(tx, viewer, await seen_of(tx, viewer, list(persons)))


async def _release(tx: Tx, call: GivenCall, document: Document) -> None:
    """Only this one: other drafts wait for their own release."""
    in_force = (await call.services.configuration.published(tx)).documents()
    if document in in_force or (document.body is None and document.ref not in {each.ref for each in in_force}):
        return
    pick = Pick(document.kind, document.name, document.version)
    await call.services.configuration.release(tx, [pick], by=call.actor, now=call.now, note=title_of(document))


async def _ensure_known(tx: Tx, services: Services, key: str) -> None:
    (await services.configuration.published(tx)).get(SEGMENT, key)


async def _all(tx: Tx, services: Services) -> SegmentList:
    """As the newest release has them, which this process may not have heard of yet."""
    published = await services.configuration.published(tx)
    rules = segments.compile_segments(published)
    sizes = await segments.sizes(tx)
    naming = await who_names(tx, services.configuration.kinds, SEGMENT.name)
    kinds = services.configuration.kinds
    items = [
        _shape(key, rules, sizes.get(key, 0), published.document(SEGMENT.name, key).version, [
            SegmentUse(each.kind, each.name, title_of(each), *kinds[each.kind].title) for each in naming.get(key, [])
        ])
        for key in rules.documents
    ]  # fmt: skip
    return SegmentList(items, await segments.known(tx), await segments.is_settled(tx, rules.digest))


def _shape(key: str, rules: Rules, members: int, version: int, uses: list[SegmentUse]) -> SegmentShape:
    document, condition = rules.documents[key], rules.conditions.get(key)
    zh, en = (describe(condition, "zh"), describe(condition, "en")) if condition is not None else ("", "")
    return SegmentShape(
        key, document.title, document.note, document.note_en, document.color, document.when, zh, en, members, version,
        uses, rules.broken.get(key),
    )  # fmt: skip


routes = (
    list_segments, segment_fields, count_segment, put_segment, drop_segment, segment_members, segment_report,
    export_segment, segments_of,
)  # fmt: skip
