"""The routes of releases: what would change, what changed, forward and back."""

from typing import Annotated

from litestar import Response, get, post
from litestar.params import PathParameter, QueryParameter

from yizhan.foundation.db import Tx
from yizhan.records.agents import Permission
from yizhan.records.config import Pick
from yizhan.web.config.shapes import (
    Differences,
    NewRelease,
    Note,
    Releases,
    ReleaseShape,
    difference_shape,
    release_shape,
)
from yizhan.web.given import GivenCall, GivenServices, JSONBody
from yizhan.web.guards import permits

MANAGES = [permits(Permission.CONFIG_MANAGE)]
_NEWEST = 2**31 - 1
_PAGE = 50

Number = Annotated[int, QueryParameter(ge=1, le=_NEWEST)]
NumberInPath = Annotated[int, PathParameter(ge=1, le=_NEWEST)]


@get("/config/drafts", guards=MANAGES)
async def list_drafts(services: GivenServices) -> Differences:
    """What would change if everything saved were released."""
    async with services.db.read() as tx:
        return Differences([difference_shape(each) for each in await services.configuration.drafts(tx)])


@get("/config/releases", guards=MANAGES)
async def list_releases(services: GivenServices, cursor: Number = _NEWEST) -> Releases:
    async with services.db.read() as tx:
        found = await services.configuration.releases(tx, before=cursor, count=_PAGE)
    following = str(found[-1].number) if len(found) == _PAGE else None
    return Releases([release_shape(each) for each in found], following)


@post("/config/releases", guards=MANAGES)
async def release_drafts(data: JSONBody[NewRelease], call: GivenCall) -> Response[ReleaseShape]:
    """Puts the picked versions in force at once."""

    async def verb(tx: Tx) -> ReleaseShape:
        picks = None if data.picks is None else [Pick(each.kind, each.name, each.version) for each in data.picks]
        released = await call.services.configuration.release(
            tx, picks, by=call.actor, now=call.now, note=data.note, expected=data.expected
        )
        return release_shape(released)

    return await call.write(verb, 201)


@get("/config/compare", guards=MANAGES)
async def compare_releases(services: GivenServices, before: Number, after: Number) -> Differences:
    async with services.db.read() as tx:
        found = await services.configuration.compare(tx, before, after)
    return Differences([difference_shape(each) for each in found])


@post("/config/releases/{number:int}/rollback", guards=MANAGES)
async def roll_back(number: NumberInPath, data: JSONBody[Note], call: GivenCall) -> Response[ReleaseShape]:
    """Puts the set of an older release in force again, as a new release."""

    async def verb(tx: Tx) -> ReleaseShape:
        released = await call.services.configuration.roll_back(tx, number, by=call.actor, now=call.now, note=data.note)
        return release_shape(released)

    return await call.write(verb, 201)
