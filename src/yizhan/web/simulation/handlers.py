"""The routes of simulations. Everybody who manages configuration sees all of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import Response, get, post

from yizhan.desk import simulation
from yizhan.desk.simulation import Asked, Comparison, Fault, Findings, Simulation
from yizhan.foundation.db import Tx
from yizhan.records.agents import Permission
from yizhan.web.config.shapes import DocumentChangeShape, difference_shape
from yizhan.web.given import FromPath, GivenCall, GivenServices, JSONBody
from yizhan.web.guards import permits

MANAGES = [permits(Permission.CONFIG_MANAGE)]


class DayPlayed(msgspec.Struct):
    """`carried` lay there from the day before; `unknown` is what of a day that was could not be known, each with a
    count."""

    start: datetime
    arrivals: int
    people: int
    times: int
    generated: bool
    unknown: dict[str, int]
    carried: int


class ComparisonShape(msgspec.Struct):
    """`release` was in force before; `beside` are kinds of changed documents that a simulation does not look at."""

    day: DayPlayed
    release: int
    before: Findings
    after: Findings
    changes: list[DocumentChangeShape]
    beside: list[str]


class SimulationShape(msgspec.Struct):
    """`progress` goes from 0 to 1; `result` is null in lists and before the end."""

    id: UUID
    agent_id: UUID
    agent_name: str
    asked: Asked
    state: str
    progress: float
    created_at: datetime
    ended_at: datetime | None
    error: Fault | None
    result: ComparisonShape | None


class SimulationList(msgspec.Struct):
    items: list[SimulationShape]


@post("/simulations", guards=MANAGES)
async def ask_simulation(data: JSONBody[Asked], call: GivenCall) -> Response[SimulationShape]:
    """Runs in the background: ask again how far it is. Other rules are judged here, as at their release."""

    async def verb(tx: Tx) -> SimulationShape:
        configuration = call.services.configuration
        return _shape(await simulation.ask(tx, call.viewer.agent_id, data, configuration, now=call.now))

    return await call.write(verb, 201)


@get("/simulations", guards=MANAGES)
async def list_simulations(services: GivenServices) -> SimulationList:
    """The newest fifty, without their results."""
    async with services.db.read() as tx:
        return SimulationList([_shape(each) for each in await simulation.simulations(tx)])


@get("/simulations/{id:uuid}", guards=MANAGES)
async def one_simulation(id: FromPath[UUID], services: GivenServices) -> SimulationShape:
    async with services.db.read() as tx:
        return _shape(await simulation.simulation(tx, id))


@post("/simulations/{id:uuid}/cancel", guards=MANAGES, status_code=200)
async def cancel_simulation(id: FromPath[UUID], call: GivenCall) -> Response[SimulationShape]:
    async def verb(tx: Tx) -> SimulationShape:
        return _shape(await simulation.call_off(tx, id, call.viewer.agent_id, now=call.now))

    return await call.write(verb)


def _shape(s: Simulation) -> SimulationShape:
    return SimulationShape(
        s.id, s.agent_id, s.agent_name, s.asked, s.state, s.progress, s.created_at, s.ended_at, s.error,
        _result(s.result) if s.result is not None else None,
    )  # fmt: skip


def _result(r: Comparison) -> ComparisonShape:
    d = r.day
    day = DayPlayed(d.start, d.arrivals, d.people, d.times, d.generated, d.unknown, d.carried)
    return ComparisonShape(day, r.release, r.before, r.after, [difference_shape(c) for c in r.changes], r.beside)


routes = (ask_simulation, list_simulations, one_simulation, cancel_simulation)
