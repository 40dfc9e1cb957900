"""The routes of pairs that may be one person."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from msgspec import Meta

from yizhan.desk import resolution
from yizhan.desk.resolution import Candidate, MergePreview, Side, SplitPreview
from yizhan.foundation.db import Tx
from yizhan.records import contacts
from yizhan.records.agents import Permission
from yizhan.web.given import FromPath, FromQuery, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.resolution.seen import ensure_one_seen
from yizhan.web.resolution.shapes import FindingShape, finding_shapes

MERGE = [permits(Permission.CUSTOMER_MERGE)]
_PAGE = 30


class CustomerMatchShape(msgspec.Struct):
    """`bits` is the sum of the weights and the prior; `start` is the prior's part of it."""

    id: UUID
    bits: float
    start: float
    probability: float
    held: str
    state: str
    findings: list[FindingShape]
    sides: list[Side]


class MatchList(msgspec.Struct):
    """`waiting` counts them all; `after` asks for the next page, null at the end."""

    items: list[CustomerMatchShape]
    waiting: int
    after: str | None


class MatchDecision(msgspec.Struct):
    same: bool
    note: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")] = ""


class MatchDecidedShape(msgspec.Struct):
    id: UUID
    state: str
    link_id: UUID | None


class CustomerMergeShape(msgspec.Struct):
    """`head` is the contact that the person is named by. `refused`: they have different identity cards."""

    sides: list[Side]
    head: UUID
    one_person: bool
    refused: bool
    bits: float
    start: float
    probability: float
    findings: list[FindingShape]
    candidate_id: UUID | None


class CustomerSplitShape(msgspec.Struct):
    """`after` are the persons that remain without the link."""

    link_id: UUID
    strength: str
    actor: str
    before: Side
    after: list[Side]


@get("/resolution/queue", guards=MERGE)
async def review_queue(services: GivenServices, viewer: GivenViewer, after: FromQuery[str | None] = None) -> MatchList:
    """Pairs for people, the weightiest first."""
    async with services.db.read() as tx:
        found = await resolution.queue(tx, _place(after), _PAGE, viewer)
        sides = await resolution.sides_of(tx, sorted({id for each in found for id in (each.a_contact, each.b_contact)}))
        waiting = await resolution.waiting(tx, viewer)
    rules = services.resolution()
    items = [_candidate(each, rules, [sides[each.a_contact], sides[each.b_contact]]) for each in found]
    last = found[-1] if len(found) == _PAGE else None
    return MatchList(items, waiting, f"{last.bits}_{last.id}" if last else None)


@post("/resolution/candidates/{candidate_id:uuid}", guards=MERGE, status_code=200)
async def decide_candidate(
    candidate_id: FromPath[UUID], data: JSONBody[MatchDecision], call: GivenCall
) -> Response[MatchDecidedShape]:
    """是同一人 or 不是: both are remembered, and weights can be learnt from them."""

    async def verb(tx: Tx) -> MatchDecidedShape:
        told = await resolution.candidate(tx, candidate_id)
        await ensure_one_seen(tx, call.viewer, told.a_contact, told.b_contact)
        done = await resolution.decide(
            tx, candidate_id, same=data.same, note=data.note.strip(), actor=call.actor, now=call.now
        )
        return MatchDecidedShape(done.id, done.state, done.link_id)

    return await call.write(verb)


@get("/contacts/{contact_id:uuid}/merge/{other:uuid}", guards=MERGE)
async def preview_merge(
    contact_id: FromPath[UUID], other: FromPath[UUID], services: GivenServices, viewer: GivenViewer
) -> CustomerMergeShape:
    """What the two would be as one, and what speaks for it; nothing is changed."""
    async with services.db.transaction() as tx:
        await ensure_one_seen(tx, viewer, contact_id, other)
        rules = services.resolution()
        found = await resolution.merge_preview(tx, services.vault, rules, contact_id, other, services.clock.now())
    return _merge(found, rules)


@get("/links/{link_id:uuid}/split", guards=MERGE)
async def preview_split(link_id: FromPath[UUID], services: GivenServices, viewer: GivenViewer) -> CustomerSplitShape:
    """What would be on which side; nothing is changed."""
    async with services.db.read() as tx:
        side = await contacts.side_of_link(tx, link_id)
        await ensure_one_seen(tx, viewer, side, side)
        found = await resolution.split_preview(tx, link_id, side)
    return _split(found)


def _place(after: str | None) -> tuple[float, UUID] | None:
    bits, _, id = (after or "").partition("_")
    try:
        return (float(bits), UUID(id)) if id else None
    except ValueError:
        return None


def _candidate(c: Candidate, rules: resolution.ResolutionDocument, sides: list[Side]) -> CustomerMatchShape:
    return CustomerMatchShape(
        c.id, round(c.bits, 2), round(rules.start_bits, 2), resolution.probability_of(c.bits), c.held, c.state,
        finding_shapes(rules, c.findings), sides,
    )  # fmt: skip


def _merge(found: MergePreview, rules: resolution.ResolutionDocument) -> CustomerMergeShape:
    judged = found.judgement
    waits = found.candidate is not None and found.candidate.state is resolution.CandidateState.OPEN
    return CustomerMergeShape(
        list(found.sides), found.head, found.one_person, found.refused, round(judged.bits, 2),
        round(rules.start_bits, 2), resolution.probability_of(judged.bits), finding_shapes(rules, judged.findings),
        found.candidate.id if waits and found.candidate else None,
    )  # fmt: skip


def _split(found: SplitPreview) -> CustomerSplitShape:
    return CustomerSplitShape(found.link.id, found.link.strength, found.link.actor, found.before, list(found.after))


routes = (review_queue, decide_candidate, preview_merge, preview_split)
