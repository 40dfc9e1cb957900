"""The routes of outlets."""

from __future__ import annotations

from litestar import Response, get, post, put

from yizhan.desk import outlets
from yizhan.desk.outlets import OUTLET, Outlet, PostFailed
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import NotFound
from yizhan.records.agents import Permission
from yizhan.web.given import FromPath, GivenCall, GivenServices, JSONBody
from yizhan.web.guards import permits
from yizhan.web.outlets.shapes import (
    OutletList,
    OutletShape,
    OutletTitle,
    PostList,
    SecretsRequest,
    SecretsShape,
    TestShape,
    post_shape,
)
from yizhan.web.services import Services

MANAGES = [permits(Permission.CONFIG_MANAGE)]


@get("/outlets", guards=MANAGES)
async def list_outlets(services: GivenServices) -> OutletList:
    """Those in force, and how each did within the last day."""
    async with services.db.read() as tx:
        published = await services.configuration.published(tx)
        in_force = published.all(OUTLET)
        drafts = await _drafts(tx, services)
        names = sorted({*in_force, *drafts})
        standings = await outlets.standings(tx, services.vault, names, services.clock.now())
    found = []
    for standing in standings:
        outlet = in_force.get(standing.name) or drafts[standing.name]
        found.append(OutletShape(
            standing.name, OutletTitle(outlet.name.zh, outlet.name.en), outlet.kind.value, outlet.on,
            standing.name in in_force, list(outlets.secrets_asked(outlet)), standing.secrets, standing.waiting,
            standing.sent, standing.failed, standing.sent_at, standing.error,
        ))  # fmt: skip
    return OutletList(found)


@put("/outlets/{name:str}/secrets", guards=MANAGES)
async def keep_secrets(
    name: FromPath[str], data: JSONBody[SecretsRequest], call: GivenCall
) -> Response[SecretsShape]:  # fmt: skip
    """Addresses and signing secrets. What is kept is never told again."""

    async def verb(tx: Tx) -> SecretsShape:
        outlet = await _newest(tx, call.services, name)
        kept = await outlets.keep_secrets(
            tx, call.services.vault, name, outlet, data.secrets, now=call.now, by=call.actor
        )  # fmt: skip
        return SecretsShape(kept)

    return await call.write(verb)


@post("/outlets/{name:str}/test", guards=MANAGES, status_code=200)
async def try_outlet(name: FromPath[str], services: GivenServices) -> TestShape:
    """A test notice, at once, by the newest version, released or not."""
    async with services.db.read() as tx:
        outlet = await _newest(tx, services, name)
        secrets = await outlets.secrets_of(tx, services.vault, name)
    try:
        await services.the_postman.try_out(outlet, secrets)
    except PostFailed as failure:
        return TestShape(False, failure.message)
    return TestShape(True, "")


@get("/outlets/{name:str}/posts", guards=MANAGES)
async def list_posts(name: FromPath[str], services: GivenServices) -> PostList:
    """The newest fifty."""
    async with services.db.read() as tx:
        return PostList([post_shape(each) for each in await outlets.posts_of(tx, name)])


async def _newest(tx: Tx, services: Services, name: str) -> Outlet:
    versions = await services.configuration.history(tx, OUTLET.name, name)
    if not versions or versions[0].body is None:
        raise NotFound("no such outlet")
    return OUTLET.decode(versions[0].body)


async def _drafts(tx: Tx, services: Services) -> dict[str, Outlet]:
    changes = await services.configuration.drafts(tx)
    names = [each.name for each in changes if each.kind == OUTLET.name and each.after is not None]
    return {name: await _newest(tx, services, name) for name in names}


routes = (list_outlets, keep_secrets, try_outlet, list_posts)
