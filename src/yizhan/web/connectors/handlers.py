"""The routes of connectors."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get, post, put

from yizhan.desk import connectors, views
from yizhan.desk.connectors import CONNECTOR, SECRETS, Connector, Looked
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, NotFound
from yizhan.foundation.jobs import wake
from yizhan.records import orders
from yizhan.records.agents import Permission
from yizhan.web.connectors.shapes import (
    ConnectorList,
    ConnectorRuns,
    ConnectorSecrets,
    ConnectorSecretsRequest,
    ConnectorShape,
    ConnectorTrial,
    LookedShape,
    PullBegun,
    TrialRequest,
    order_shape,
    run_shape,
    standing,
    trial_shape,
)
from yizhan.web.given import FromPath, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.seen import seen_contact
from yizhan.web.services import Services
from yizhan.web.verification import shown_contacts

KEEPS = [permits(Permission.CONNECTOR_WRITE)]
READS = [permits(Permission.CUSTOMER_READ)]
_RUNS = 30
_ORDERS = 20


@get("/connectors", guards=KEEPS)
async def list_connectors(services: GivenServices) -> ConnectorList:
    """Those in force and those that were saved, and how each stands."""
    async with services.db.read() as tx:
        published = await services.configuration.published(tx)
        in_force = published.all(CONNECTOR)
        found = {**await _drafts(tx, services), **in_force}
        states = await connectors.states(tx, sorted(found))
        secrets = await connectors.secrets_set(tx, services.vault)
    return ConnectorList([
        ConnectorShape(
            name=name, zh=each.name.zh, en=each.name.en, source=each.source, on=each.on, released=name in in_force,
            looks_up=each.look_up is not None, asks_by=each.look_up.by[0].kind if each.look_up else None,
            every_minutes=each.pull.every_minutes if each.pull else None, secrets=list(SECRETS[each.auth.kind]),
            secrets_set=secrets.get(name, []), **standing(states[name]),
        )
        for name, each in sorted(found.items())
    ])  # fmt: skip


@put("/connectors/{name:str}/secrets", guards=KEEPS)
async def keep_connector_secrets(
    name: FromPath[str], data: JSONBody[ConnectorSecretsRequest], call: GivenCall
) -> Response[ConnectorSecrets]:
    """Keys and passwords. What is kept is never told again."""

    async def verb(tx: Tx) -> ConnectorSecrets:
        connector = await _newest(tx, call.services, name)
        return ConnectorSecrets(await connectors.keep_secrets(
            tx, call.services.vault, name, connector, data.secrets, now=call.now, by=call.actor
        ))  # fmt: skip

    return await call.write(verb)


@post("/connectors/{name:str}/test", guards=KEEPS, status_code=200)
async def try_connector(name: FromPath[str], data: JSONBody[TrialRequest], services: GivenServices) -> ConnectorTrial:
    """Asks for real, by the newest version, released or not, and shows what the answer would become."""
    async with services.db.read() as tx:
        connector = await _newest(tx, services, name)
        secrets = await connectors.secrets_of(tx, services.vault, name)
    rules = services.profile_book.now
    return trial_shape(await connectors.try_out(
        services.the_caller, connector, secrets, data.value.strip(), rules, services.clock.now()
    ))  # fmt: skip


@post("/connectors/{name:str}/pull", guards=KEEPS)
async def pull_now(name: FromPath[str], call: GivenCall) -> Response[PullBegun]:
    """Begins a pull at once, by the version in force."""

    async def verb(tx: Tx) -> PullBegun:
        connector = (await call.services.configuration.published(tx)).find(CONNECTOR, name)
        if connector is None:
            raise NotFound("no such connector")
        if not connector.on or connector.pull is None:
            raise Conflict("it is switched off, or pulls nothing")
        return PullBegun(await connectors.begin_pull(tx, name, "hand", call.now))

    answer = await call.write(verb, 201)
    await wake(call.services.db)
    return answer


@get("/connectors/{name:str}/runs", guards=KEEPS)
async def list_runs(name: FromPath[str], services: GivenServices) -> ConnectorRuns:
    """The newest thirty: pulls, and look-ups when somebody was opened."""
    async with services.db.read() as tx:
        return ConnectorRuns([run_shape(each) for each in await connectors.runs(tx, name, _RUNS)])


@get("/contacts/{contact_id:uuid}/sources", guards=READS)
async def known_of_customer(
    contact_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer
) -> LookedShape:  # fmt: skip
    """What is known, at once: nobody is asked."""
    async with services.db.read() as tx:
        await seen_contact(tx, viewer, contact_id)
        return await _known(tx, services, contact_id, await services.the_lookups.known(tx, contact_id))


@post("/contacts/{contact_id:uuid}/look-up", guards=READS, status_code=200)
async def look_up_customer(
    contact_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer
) -> LookedShape:  # fmt: skip
    """Asks the sources whose answer has grown old, for three seconds at most."""
    async with services.db.read() as tx:
        await seen_contact(tx, viewer, contact_id)
    looked = await services.the_lookups.look_up(contact_id)
    async with services.db.read() as tx:
        return await _known(tx, services, contact_id, looked)


async def _known(tx: Tx, services: Services, contact_id: UUID, looked: list[Looked]) -> LookedShape:
    shown = await shown_contacts(tx, services, await views.person_of(tx, contact_id))
    found = await orders.orders_of(tx, await connectors.records_of(tx, contact_id), count=_ORDERS)
    return LookedShape(looked, [order_shape(each, each.contact_id in shown) for each in found])


async def _newest(tx: Tx, services: Services, name: str) -> Connector:
    versions = await services.configuration.history(tx, CONNECTOR.name, name)
    if not versions or versions[0].body is None:
        raise NotFound("no such connector")
    return CONNECTOR.decode(versions[0].body)


async def _drafts(tx: Tx, services: Services) -> dict[str, Connector]:
    changes = await services.configuration.drafts(tx)
    names = [each.name for each in changes if each.kind == CONNECTOR.name and each.after is not None]
    return {name: await _newest(tx, services, name) for name in names}


routes = (
    list_connectors,
    keep_connector_secrets,
    try_connector,
    pull_now,
    list_runs,
    known_of_customer,
    look_up_customer,
)
