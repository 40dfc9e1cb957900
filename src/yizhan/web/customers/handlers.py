"""The routes of the list of customers and of one customer's timeline."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated, Literal
from uuid import UUID

from litestar import get
from litestar.params import QueryParameter

from yizhan.desk import customers, views
from yizhan.desk.customers import ANYBODY, EVERYTHING, CustomerPage, EntryKind, Sort, Wanted
from yizhan.foundation.errors import Invalid
from yizhan.records.agents import Permission
from yizhan.records.remarks import LONGEST_TAG
from yizhan.web.customers.shapes import CustomerRows, TimelinePage
from yizhan.web.given import FromPath, FromQuery, GivenServices, GivenViewer
from yizhan.web.guards import permits
from yizhan.web.seen import seen_contact
from yizhan.web.segments import members_page
from yizhan.web.tickets.shapes import read_cursor, write_cursor
from yizhan.web.verification import shown_contacts

READ = [permits(Permission.CUSTOMER_READ)]
Asked = Annotated[str, QueryParameter(max_length=320)]
AskedTag = Annotated[str | None, QueryParameter(max_length=LONGEST_TAG)]
AskedSegment = Annotated[str | None, QueryParameter(max_length=80)]
AskedLevel = Annotated[int | None, QueryParameter(ge=0, le=9)]
_MOST = 200
_EARLIEST, _LATEST = 1850, 2200


@get("/customers", guards=READ)
async def list_customers(
    services: GivenServices,
    viewer: GivenViewer,
    q: Asked = "",
    sort: FromQuery[Literal["recent", "new"]] = "recent",
    tag: AskedTag = None,
    level: AskedLevel = None,
    open: FromQuery[bool] = False,
    segment: AskedSegment = None,
    cursor: FromQuery[UUID | None] = None,
    limit: FromQuery[int] = 50,
) -> CustomerPage:
    """With `q`: who has this identifier, order, ticket, tag or name, also in pinyin. The rest narrows down; a
    segment is listed for itself."""
    count = max(1, min(limit, _MOST))
    wanted = Wanted(tag or None, level, open)
    async with services.db.read() as tx:
        if q.strip():
            shown = partial(shown_contacts, tx, services)
            return await customers.find(
                tx, viewer, services.vault, q, shown=shown, after=cursor, count=count, wanted=wanted
            )
        if segment:
            return await members_page(tx, viewer, segment, after=cursor, count=count, wanted=wanted)
        return await customers.customers_page(tx, viewer, Sort(sort), after=cursor, count=count, wanted=wanted)


@get("/customers/rows", guards=READ)
async def some_customers(
    services: GivenServices, viewer: GivenViewer, ids: Annotated[str, QueryParameter(max_length=_MOST * 37)]
) -> CustomerRows:
    """The rows of whoever these contacts belong to now, as far as the viewer may see them: one was merged into
    another since the list was read, or taken apart. `ids` are separated by commas."""
    asked = _ids(ids)
    async with services.db.read() as tx:
        people = await customers.persons_of(tx, asked)
        may = await customers.seen(tx, viewer, people, ANYBODY)
        return CustomerRows(await customers.rows(tx, viewer, [person for person in people if person in may]))


@get("/customers/{contact_id:uuid}/timeline", guards=READ)
async def customer_timeline(
    contact_id: FromPath[UUID],
    services: GivenServices,
    viewer: GivenViewer,
    kinds: FromQuery[str] = "",
    until: FromQuery[datetime | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> TimelinePage:
    """`kinds` separated by commas; without any, everything. `until`: from that instant on backwards."""
    count = max(1, min(limit, _MOST))
    wanted = _kinds(kinds) if kinds else EVERYTHING
    before = read_cursor(cursor) or ((until, UUID(int=0)) if until else None)
    if before is not None:
        _ensure_instant(before[0])
    async with services.db.read() as tx:
        await seen_contact(tx, viewer, contact_id)
        person = await views.person_of(tx, contact_id)
        shown = await shown_contacts(tx, services, person)
        items = await customers.timeline(tx, viewer, person, wanted, shown=shown, before=before, count=count)
    last = items[-1] if len(items) == count else None
    return TimelinePage(items, write_cursor(last.at, last.id) if last else None)


def _ids(given: str) -> list[UUID]:
    try:
        return [UUID(each) for each in given.split(",")][:_MOST]
    except ValueError:
        raise Invalid("ids are contacts, separated by commas", "ids") from None


def _kinds(given: str) -> frozenset[EntryKind]:
    try:
        return frozenset(EntryKind(each) for each in given.split(","))
    except ValueError:
        raise Invalid(f"kinds are: {', '.join(EntryKind)}", "kinds") from None


def _ensure_instant(until: datetime) -> None:
    if until.tzinfo is None:
        raise Invalid("an instant has its offset, as in 2026-01-31T00:00:00+08:00", "until")
    if not _EARLIEST <= until.year <= _LATEST:
        raise Invalid(f"the year {until.year} cannot be meant", "until")


routes = (list_customers, some_customers, customer_timeline)
