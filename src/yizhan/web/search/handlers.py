"""The route of search."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from litestar import get
from litestar.params import QueryParameter

from yizhan.desk.search import Found
from yizhan.records.agents import Permission
from yizhan.web.given import FromQuery, GivenServices, GivenViewer
from yizhan.web.guards import permits

Asked = Annotated[str, QueryParameter(min_length=1, max_length=200)]
_MOST = 100


class FoundList(msgspec.Struct):
    items: list[Found]


@get("/search", guards=[permits(Permission.TICKET_READ)])
async def search(
    services: GivenServices,
    viewer: GivenViewer,
    q: Asked,
    kind: FromQuery[Literal["ticket", "message", "contact"] | None] = None,
    limit: FromQuery[int] = 20,
) -> FoundList:
    async with services.db.read() as tx:
        return FoundList(await services.search.find(tx, viewer, q, kind=kind, count=max(1, min(limit, _MOST))))


routes = (search,)
