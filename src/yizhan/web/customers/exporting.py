"""Customers as a file that leaves the house: masked, or in clear for a reason. Both are in the journal."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import quote
from uuid import UUID

from litestar import get
from litestar.params import QueryParameter
from litestar.response import Stream

from yizhan.desk.customers import EXPORTED, EXPORTING, CustomerExport
from yizhan.foundation.errors import Forbidden, Invalid
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit
from yizhan.records.agents import Permission, Viewer
from yizhan.web.given import FromQuery, GivenServices, GivenViewer
from yizhan.web.guards import permits
from yizhan.web.services import Services

EXPORT = [permits(Permission.CUSTOMER_EXPORT)]
Reason = Annotated[str, QueryParameter(max_length=200)]
_LEAST_WORDS = 2


@get("/customers/export.csv", guards=EXPORT, media_type="text/csv")
async def export_customers(
    services: GivenServices,
    viewer: GivenViewer,
    reveal: FromQuery[bool] = False,
    reason: Reason = "",
    lang: FromQuery[Literal["zh", "en"]] = "zh",
) -> Stream:
    """All customers whom the viewer may see. In clear only for who may reveal, and says why."""
    if reveal and not viewer.may(Permission.CUSTOMER_REVEAL):
        raise Forbidden("customers leave the house in clear only by who may reveal them")
    if reveal and len(reason.strip()) < _LEAST_WORDS:
        raise Invalid("say why you need to see it", "reason")
    now, id = services.clock.now(), new_id(services.clock.now())
    said = {"what": "customers", "revealed": reveal, "reason": reason.strip()}
    await _tell(services, viewer, EXPORTING, id, 1, now, said)
    export = CustomerExport(
        services.db, services.vault, viewer, services.profile_book.now, revealed=reveal, language=lang
    )
    name = quote(f"customers-{now.astimezone(services.profile_book.now.zone):%Y%m%d-%H%M%S}.csv")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "no-store"}
    return Stream(_pages(services, viewer, export, id, said), media_type="text/csv; charset=utf-8", headers=headers)


async def _pages(
    services: Services, viewer: Viewer, export: CustomerExport, id: UUID, said: dict[str, object]
) -> AsyncIterator[bytes]:
    """How many left the house is told also when somebody breaks the download off."""
    whole = False
    try:
        async for page in export.pages():
            yield page
        whole = True
    finally:
        facts = {**said, "rows": export.rows, "whole": whole}
        await _tell(services, viewer, EXPORTED, id, 2, services.clock.now(), facts)


async def _tell(
    services: Services, viewer: Viewer, kind: str, id: UUID, version: int, now: datetime, facts: dict[str, object]
) -> None:
    async with services.db.transaction() as tx:
        await emit(tx, [
            Event(kind=kind, subject=id, subject_version=version, at=now, actor=viewer.actor,
                  agent_id=viewer.agent_id, data=facts)
        ])  # fmt: skip


routes = (export_customers,)
