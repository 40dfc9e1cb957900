"""The routes of the conformance report."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import Response, get, post

from yizhan.desk import precedence, standards
from yizhan.desk.sources import ProfileRules
from yizhan.desk.standards import IDENTIFIER, ConformanceRun, Count
from yizhan.foundation.db import Tx
from yizhan.records import contacts
from yizhan.records.agents import Permission
from yizhan.records.config import in_chinese
from yizhan.web.given import FromPath, GivenCall, GivenServices
from yizhan.web.guards import permits

IMPORT = [permits(Permission.CUSTOMER_IMPORT)]
_OWN = {"name": ("姓名", "Name"), "level": ("会员等级", "Level")}


class BrokenExample(msgspec.Struct):
    """What is personal of the value is masked."""

    contact_id: UUID
    shown: str


class BrokenShape(msgspec.Struct):
    problem: str
    problem_zh: str | None
    found: int
    examples: list[BrokenExample]


class FieldConformance(msgspec.Struct):
    """How many of the values that one source told of one field break the standard, and how. `source` is empty where
    none is known."""

    field: str
    zh: str
    en: str
    source: str
    values: int
    broken: int
    problems: list[BrokenShape]


class ConformanceShape(msgspec.Struct):
    """`done` and `total` count customers."""

    id: UUID
    state: str
    total: int
    done: int
    created_at: datetime
    ended_at: datetime | None
    fields: list[FieldConformance]


class LatestConformance(msgspec.Struct):
    report: ConformanceShape | None


class BelievingShape(msgspec.Struct):
    """`done` of `total` customers stand by the newest order of sources; of `changed` something else is believed now."""

    state: str
    total: int
    done: int
    changed: int
    created_at: datetime
    ended_at: datetime | None


class LatestBelieving(msgspec.Struct):
    run: BelievingShape | None


@get("/profile/rewrite", guards=IMPORT)
async def profile_rewrite(services: GivenServices) -> LatestBelieving:
    """How far customers are rewritten since the order of sources changed; null where it never did."""
    async with services.db.read() as tx:
        told = await precedence.latest(tx)
    if told is None:
        return LatestBelieving(None)
    return LatestBelieving(
        BelievingShape(told.state, told.total, told.done, told.changed, told.created_at, told.ended_at)
    )


@get("/conformance", guards=IMPORT)
async def latest_conformance(services: GivenServices) -> LatestConformance:
    async with services.db.read() as tx:
        told = await standards.latest(tx)
        return LatestConformance(await _shape(tx, told, services.profile_book.now) if told else None)


@post("/conformance", guards=IMPORT)
async def start_conformance(call: GivenCall) -> Response[ConformanceShape]:
    """Goes on by itself; ask for the latest to see how far it is."""

    async def verb(tx: Tx) -> ConformanceShape:
        return await _shape(tx, await standards.start(tx, by=call.actor, now=call.now), call.services.profile_book.now)

    return await call.write(verb, 201)


@post("/conformance/{run_id:uuid}/cancel", guards=IMPORT, status_code=200)
async def cancel_conformance(run_id: FromPath[UUID], call: GivenCall) -> Response[ConformanceShape]:
    """What it has found stays to be read."""

    async def verb(tx: Tx) -> ConformanceShape:
        told = await standards.cancel(tx, run_id, by=call.actor, now=call.now)
        return await _shape(tx, told, call.services.profile_book.now)

    return await call.write(verb)


async def _shape(tx: Tx, told: ConformanceRun, rules: ProfileRules) -> ConformanceShape:
    fields = _fields(await standards.counts(tx, told.id), rules)
    return ConformanceShape(told.id, told.state, told.total, told.done, told.created_at, told.ended_at, fields)


def _fields(counts: list[Count], rules: ProfileRules) -> list[FieldConformance]:
    """The worst first."""
    found: dict[tuple[str, str], FieldConformance] = {}
    for each in counts:
        place = (each.field, each.source)
        if place not in found:
            found[place] = FieldConformance(each.field, *_title(each.field, rules), each.source, 0, 0, [])
        one = found[place]
        if not each.problem:
            one.values = each.found
            continue
        one.broken += each.found
        examples = [BrokenExample(example.contact_id, example.shown) for example in each.examples[:3]]
        one.problems.append(BrokenShape(each.problem, in_chinese(each.problem), each.found, examples))
    return sorted(found.values(), key=lambda one: (-one.broken, one.field, one.source))


def _title(field: str, rules: ProfileRules) -> tuple[str, str]:
    if field in _OWN:
        return _OWN[field]
    if field.startswith(IDENTIFIER):
        kind = field.removeprefix(IDENTIFIER)
        known = next((each for each in contacts.kinds_in_force().kinds if each.key == kind), None)
        return (known.zh, known.en) if known else (kind, kind)
    spec = rules.fields.get(field)
    return (spec.zh, spec.en) if spec else (field, field)


routes = (profile_rewrite, latest_conformance, start_conformance, cancel_conformance)
