"""Rows as the wire shows them, with the names of people."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from yizhan.desk import complaints as desk
from yizhan.desk import views
from yizhan.desk.complaints import Rulebook
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Forbidden
from yizhan.records import cases, compensations, complaints
from yizhan.records.agents import Viewer
from yizhan.records.cases import Case, Hold, Package, Reply, Source
from yizhan.records.compensations import Compensation, PayState
from yizhan.records.complaints import LADDER, Complaint, LadderStep
from yizhan.records.tickets import By
from yizhan.web.call import Call
from yizhan.web.complaints.shapes import (
    ApprovalsShape,
    CaseShape,
    ClockShape,
    CompensationShape,
    ComplaintShape,
    HoldShape,
    LedgerShape,
    OptionsShape,
    PackageShape,
    PanelShape,
    ReplyRow,
    ReplyShape,
    SourceShape,
    StepShape,
    Titled,
)


def acting(call: Call) -> By:
    return By(call.actor, call.viewer.agent_id)


async def panel(tx: Tx, viewer: Viewer, book: Rulebook, ticket_id: UUID) -> PanelShape:
    family = await views.with_merged(tx, ticket_id)
    contact_id = (await views.ticket_rows(tx, [ticket_id]))[0].contact_id
    found = await complaints.of_tickets(tx, family)
    own = next((c for c in found if c.ticket_id == ticket_id), found[0] if found else None)
    manages = viewer.may("complaint.manage")
    return PanelShape(
        complaint=(await complaint_shapes(tx, [own]))[0] if own else None,
        ledger=await ledger(tx, viewer, book, contact_id),
        cases=await case_shapes(tx, await cases.of_tickets(tx, family)),
        holds=[hold_shape(each) for each in await cases.holds(tx, contact_id)],
        packages=[package_shape(each) for each in await cases.packages(tx, family)] if manages else [],
        options=options(book, own.product if own else None),
    )


async def complaint_shapes(tx: Tx, found: Sequence[Complaint]) -> list[ComplaintShape]:
    clocks = await complaints.clocks_of(tx, [c.id for c in found])
    steps = {c.id: await complaints.steps_of(tx, c.id) for c in found if c.step != LadderStep.HANDLER}
    taken = [each.agent_id for of in steps.values() for each in of]
    names = await desk.names_of(tx, [*(c.holder_id for c in found), *taken])
    return [
        ComplaintShape(
            id=c.id, ticket_id=c.ticket_id, version=c.version, grade=c.grade, causes=c.causes, state=c.state,
            department=c.department, product=c.product, demands=c.demands, remedy=c.remedy, step=c.step,
            holder_id=c.holder_id, holder_name=names.get(c.holder_id) if c.holder_id else None, frozen=c.frozen,
            rules=c.rules, opened_at=c.opened_at, closed_at=c.closed_at, closed_by=c.closed_by,
            closed_why=c.closed_why,
            clocks=[ClockShape(k.kind, k.due_at, k.warn_at, k.breached_at, k.met_at) for k in clocks[c.id]],
            steps=[
                StepShape(s.step, s.agent_id, names.get(s.agent_id) if s.agent_id else None, s.actor, s.reason, s.at)
                for s in steps.get(c.id, [])
            ],
        )
        for c in found
    ]  # fmt: skip


async def ledger(tx: Tx, viewer: Viewer, book: Rulebook, contact_id: UUID) -> LedgerShape:
    """What was paid before is on the screen before the first word."""
    found = await compensations.ledger(tx, contact_id)
    granted = sum(each.fen for each in found if each.state is PayState.GRANTED)
    try:
        limit = book.limit_fen(await desk.role_of(tx, viewer.agent_id))
    except Forbidden:
        limit = 0
    return LedgerShape(await compensation_shapes(tx, found), granted, limit)


async def compensation_shapes(tx: Tx, found: Sequence[Compensation]) -> list[CompensationShape]:
    names = await desk.names_of(tx, [who for each in found for who in (each.asked_by, each.decided_by)])
    about = await _tickets(tx, [each.ticket_id for each in found])
    return [
        CompensationShape(
            id=p.id, ticket_id=p.ticket_id, ticket_number=about[p.ticket_id][0], contact_name=about[p.ticket_id][1],
            kind=p.kind, fen=p.fen, total_fen=p.total_fen, order_no=p.order_no, reason=p.reason, addition=p.addition,
            state=p.state, asked_by=p.asked_by, asked_name=names.get(p.asked_by, ""), asked_at=p.asked_at,
            limit_fen=p.limit_fen, needs=p.needs, decided_by=p.decided_by,
            decided_name=names.get(p.decided_by) if p.decided_by else None, decided_at=p.decided_at,
            decision=p.decision,
        )
        for p in found if p.ticket_id in about
    ]  # fmt: skip


async def case_shapes(tx: Tx, found: Sequence[Case]) -> list[CaseShape]:
    ids = [case.id for case in found]
    about, replies = await cases.tickets_of(tx, ids), await cases.replies_of(tx, ids)
    numbers = await _tickets(tx, [ticket for of in about.values() for ticket in of])
    shapes = {each.id: each for each in await reply_shapes(tx, [r for of in replies.values() for r in of])}
    return [
        CaseShape(
            id=c.id, source=c.source, case_no=c.case_no, contact_id=c.contact_id, received_on=c.received_on,
            working_days=c.working_days, deadline_on=c.deadline_on, deadline_at=c.deadline_at, calendar=c.calendar,
            state=c.state, demands=c.demands, result=c.result, answered_at=c.answered_at, closed_at=c.closed_at,
            breached_at=c.breached_at, merged_into=c.merged_into, version=c.version,
            tickets=[(ticket, numbers[ticket][0]) for ticket in about[c.id] if ticket in numbers],
            replies=[shapes[reply.id] for reply in replies[c.id]],
        )
        for c in found
    ]  # fmt: skip


async def reply_shapes(tx: Tx, found: Iterable[Reply]) -> list[ReplyShape]:
    rows = list(found)
    names = await desk.names_of(tx, [who for each in rows for who in (each.author, each.decided_by)])
    return [
        ReplyShape(
            r.id, r.case_id, r.number, r.text, r.state, r.author, names.get(r.author, ""), r.at, r.decided_by,
            names.get(r.decided_by) if r.decided_by else None, r.decided_at, r.decision,
        )
        for r in rows
    ]  # fmt: skip


async def approvals(tx: Tx, viewer: Viewer, book: Rulebook) -> ApprovalsShape:
    mine = await desk.paying.mine_to_decide(tx, book, viewer.agent_id)
    replies: list[ReplyRow] = []
    if viewer.may("complaint.close"):
        waiting = [each for each in await cases.submitted(tx) if each.author != viewer.agent_id]
        found = {case.id: case for case in await case_shapes(tx, [await cases.case(tx, r.case_id) for r in waiting])}
        replies = [ReplyRow(found[r.case_id], r) for r in await reply_shapes(tx, waiting)]
    return ApprovalsShape(await compensation_shapes(tx, mine), replies)


def options(book: Rulebook, product: str | None = None) -> OptionsShape:
    """With the complaint's own `product`, which may be one that only its order knows."""
    rules = book.rules
    own = [product] if product and product not in book.titles else []
    days = {str(source): many for source, many in rules.working_days.items()}
    return OptionsShape(
        departments=[Titled(each.key, each.title.zh, each.title.en) for each in rules.departments],
        products=[
            *(Titled(each.key, each.title.zh, each.title.en) for each in rules.products),
            *(Titled(each, each, each) for each in own),
        ],
        steps=[step for step in LADDER if step in book.steps],
        sources=[SourceShape(source, days[source]) for source in Source if source in days],
    )


def hold_shape(h: Hold) -> HoldShape:
    return HoldShape(h.id, h.reason, h.actor, h.at, h.released_at, h.released_why)


def package_shape(p: Package) -> PackageShape:
    return PackageShape(p.id, p.sha256, p.size, p.files, p.actor, p.at, f"/api/v1/evidence/{p.id}")


async def _tickets(tx: Tx, ids: Collection[UUID]) -> dict[UUID, tuple[int, str]]:
    """(number, customer's name)."""
    rows = await views.ticket_rows(tx, list(dict.fromkeys(ids))) if ids else []
    return {row.id: (row.number, row.contact_name) for row in rows}
