"""The routes of visitors."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get, post

from yizhan.desk import trail, views, words
from yizhan.desk.live import Signal
from yizhan.desk.trail import Invitation
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Conflict, NotFound
from yizhan.records.agents import Permission
from yizhan.web.given import FromPath, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.visitors.news import doors_of, stands_at
from yizhan.web.visitors.shapes import VisitorInviteRequest, VisitorList, visitor_shape

READ = [permits(Permission.CUSTOMER_READ)]
REPLY = [permits(Permission.MESSAGE_REPLY)]


@get("/visitors/online", guards=READ)
async def online_visitors(services: GivenServices, viewer: GivenViewer) -> VisitorList:
    """Visitors carry nothing personal until they write; then the name their customer record has."""
    async with services.db.read() as tx:
        doors = await doors_of(tx, services.vault)
        online = await trail.online_visits(tx, services.clock.now())
        found = [each for each in online if stands_at(doors, viewer, each.visit)]
        names = await views.visitors_named(tx, [o.visit.visitor for o in found])
    return VisitorList([visitor_shape(o, names.get(o.visit.visitor)) for o in found])


@post("/visitors/{visit_id:uuid}/invite", guards=REPLY, status_code=204)
async def invite_visitor(
    visit_id: FromPath[UUID], data: JSONBody[VisitorInviteRequest], call: GivenCall
) -> Response[None]:
    sent: list[Invitation] = []

    async def verb(tx: Tx) -> None:
        online = {o.visit.id: o.visit for o in await trail.online_visits(tx, call.now)}
        visit = online.get(visit_id)
        doors = await doors_of(tx, call.services.vault)
        if visit is None or not stands_at(doors, call.viewer, visit):
            raise NotFound("the visitor has left the page")
        rules = call.services.word_book.of(visit.inbox_id)
        words.ensure_sayable([("text", data.text)], rules, approves=call.viewer.may(Permission.WORDS_APPROVE))
        made = await trail.invite(tx, visit.inbox_id, visit.visitor, data.text, call.now, actor=call.actor)
        if made is None:
            raise Conflict("this visitor was invited already")
        sent.append(made)

    answer = await call.write(verb, 204)
    for invitation in sent:  # after the commit; a page that is no longer there misses it, which harms nobody
        await call.services.the_hub.signal(Signal(
            kind="invite", visitor=invitation.visitor.hex(), id=str(invitation.id), text=invitation.text,
            name=call.viewer.name,
        ))  # fmt: skip
    return answer


routes = (online_visitors, invite_visitor)
