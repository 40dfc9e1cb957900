"""The routes of runs through all contacts, and of the weights."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from litestar import Response, get, post

from yizhan.desk import resolution
from yizhan.desk.resolution import RESOLUTION, Proposal, Run
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict
from yizhan.records.agents import Permission
from yizhan.records.config import DEFAULT, Pick
from yizhan.web.given import FromPath, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.resolution.seen import one_seen
from yizhan.web.resolution.shapes import FindingShape, finding_shapes

SUPERVISES = [permits(Permission.CUSTOMER_MERGE), permits(Permission.SUPERVISE)]
MANAGES = [permits(Permission.CONFIG_MANAGE)]
_LATEST = 10
_SHOWN = 100


class ResolutionRunShape(msgspec.Struct):
    """`links`, `candidates` and `conflicts` were made, or would be where it is `dry`."""

    id: UUID
    dry: bool
    state: str
    total: int
    done: int
    pairs: int
    links: int
    candidates: int
    conflicts: int
    created_at: datetime
    ended_at: datetime | None


class PreviewedPairShape(msgspec.Struct):
    verdict: str
    bits: float
    probability: float
    names: list[str]
    contacts: list[UUID]
    findings: list[FindingShape]


class ResolutionRunView(msgspec.Struct):
    """`pairs` are the weightiest of a dry run."""

    run: ResolutionRunShape
    pairs: list[PreviewedPairShape]


class ResolutionRunList(msgspec.Struct):
    items: list[ResolutionRunShape]


class NewResolutionRun(msgspec.Struct):
    dry: bool = True


class WeightLevelShape(msgspec.Struct):
    level: str
    m: float
    u: float
    weight: float


class WeightFieldShape(msgspec.Struct):
    field: str
    zh: str
    en: str
    levels: list[WeightLevelShape]


class WeightChangeShape(msgspec.Struct):
    field: str
    zh: str
    en: str
    level: str
    seen: int
    before: float
    after: float


class WeightProposalShape(msgspec.Struct):
    """`ready`: there is something to accept. `wrong_before` and `wrong_after` count decisions the weights get wrong.
    It learns of `needed` decisions or pairs at least; of `pairs` that a run met, the `share` is one person's."""

    ready: bool
    pairs: int
    share: float
    decisions: int
    same: int
    needed: int
    wrong_before: int
    wrong_after: int
    changes: list[WeightChangeShape]


class WeightsShape(msgspec.Struct):
    """The sum of all weights and `start` is log2 of the odds. Fellegi and Sunter (1969): a weight is log2(m/u)."""

    start: float
    prior: float
    link_at: float
    review_at: float
    link_bits: float
    review_bits: float
    fields: list[WeightFieldShape]
    proposal: WeightProposalShape
    estimate: WeightProposalShape


class NewWeights(msgspec.Struct):
    """Learnt of people's `decisions`, or without them of the `pairs` that the latest run met."""

    source: Literal["decisions", "pairs"] = "decisions"


class WeightsAccepted(msgspec.Struct):
    release: int


@post("/resolution/runs", guards=SUPERVISES)
async def start_resolution_run(data: JSONBody[NewResolutionRun], call: GivenCall) -> Response[ResolutionRunShape]:
    """Begins at once and goes on by itself; a dry one only says what it would do."""

    async def verb(tx: Tx) -> ResolutionRunShape:
        return _run(await resolution.start_run(tx, dry=data.dry, by=call.actor, now=call.now))

    return await call.write(verb, 201)


@get("/resolution/runs", guards=SUPERVISES)
async def resolution_runs(services: GivenServices) -> ResolutionRunList:
    async with services.db.read() as tx:
        return ResolutionRunList([_run(each) for each in await resolution.runs(tx, _LATEST)])


@get("/resolution/runs/{run_id:uuid}", guards=SUPERVISES)
async def one_resolution_run(
    run_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer
) -> ResolutionRunView:  # fmt: skip
    """Of the pairs those of which the viewer may see one side."""
    rules = services.resolution()
    async with services.db.read() as tx:
        found = await resolution.one_run(tx, run_id)
        found_pairs = await resolution.previews(tx, run_id, _SHOWN)
        pairs = [p for p in found_pairs if await one_seen(tx, viewer, p.a_contact, p.b_contact)]
        sides = await resolution.sides_of(tx, sorted({id for pair in pairs for id in (pair.a_contact, pair.b_contact)}))
    names = {face.id: face.name for side in sides.values() for face in side.contacts}
    return ResolutionRunView(_run(found), [
        PreviewedPairShape(p.verdict, round(p.bits, 2), resolution.probability_of(p.bits),
                  [names[p.a_contact], names[p.b_contact]], [p.a_contact, p.b_contact],
                  finding_shapes(rules, p.findings))
        for p in pairs
    ])  # fmt: skip


@post("/resolution/runs/{run_id:uuid}/cancel", guards=SUPERVISES, status_code=200)
async def cancel_resolution_run(run_id: FromPath[UUID], call: GivenCall) -> Response[ResolutionRunShape]:
    async def verb(tx: Tx) -> ResolutionRunShape:
        return _run(await resolution.cancel_run(tx, run_id, by=call.actor, now=call.now))

    return await call.write(verb)


@get("/resolution/weights", guards=[permits(Permission.CUSTOMER_MERGE)])
async def resolution_weights(services: GivenServices) -> WeightsShape:
    """What each agreement weighs, and what people's decisions and the latest run would make of it."""
    rules = services.resolution()
    async with services.db.read() as tx:
        found = await resolution.learn(tx, rules)
        estimated = await resolution.learn_from_run(tx, rules)
    fields = [
        WeightFieldShape(
            f.field, f.zh, f.en, [WeightLevelShape(x.level, x.m, x.u, round(x.weight, 2)) for x in f.levels]
        )
        for f in rules.fields
    ]
    return WeightsShape(
        round(rules.start_bits, 2), rules.prior, rules.link_at, rules.review_at,
        round(resolution.bits_of(rules.link_at), 2), round(resolution.bits_of(rules.review_at), 2), fields,
        _proposal(rules, found), _proposal(rules, estimated),
    )  # fmt: skip


@post("/resolution/weights/accept", guards=MANAGES, status_code=200)
async def accept_resolution_weights(data: JSONBody[NewWeights], call: GivenCall) -> Response[WeightsAccepted]:
    """Puts in force what is proposed now, as a version of the document with a release of its own."""

    async def verb(tx: Tx) -> WeightsAccepted:
        learn = resolution.learn if data.source == "decisions" else resolution.learn_from_run
        found = await learn(tx, call.services.resolution())
        if found.document is None:
            raise Conflict("there is nothing to accept")
        configuration = call.services.configuration
        note = f"{found.pairs} pairs of a run" if found.pairs else f"{found.decisions} decisions of the review queue"
        saved = await configuration.save(
            tx, RESOLUTION.name, DEFAULT, msgspec.to_builtins(found.document), by=call.actor, now=call.now, note=note
        )
        pick = Pick(saved.kind, saved.name, saved.version)
        return WeightsAccepted((await configuration.release(tx, [pick], by=call.actor, now=call.now, note=note)).number)

    return await call.write(verb)


def _run(r: Run) -> ResolutionRunShape:
    return ResolutionRunShape(
        r.id, r.dry, r.state, r.total, r.done, r.pairs, r.links, r.candidates, r.conflicts, r.created_at, r.ended_at
    )


def _proposal(rules: resolution.ResolutionDocument, p: Proposal) -> WeightProposalShape:
    names = {each.field: each for each in rules.fields}
    changes = [
        WeightChangeShape(c.field, names[c.field].zh, names[c.field].en, c.level, c.seen, c.before, c.after)
        for c in p.changes
    ]
    return WeightProposalShape(
        p.document is not None, p.pairs, p.share, p.decisions, p.same, p.needed, p.wrong_before, p.wrong_after, changes
    )


routes = (
    start_resolution_run, resolution_runs, one_resolution_run, cancel_resolution_run, resolution_weights,
    accept_resolution_weights,
)  # fmt: skip
