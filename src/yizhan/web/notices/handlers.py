"""The routes of notices."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Response, get, post, put
from litestar.params import QueryParameter

from yizhan.desk import notices, outlets
from yizhan.desk.notices import NoticeQuiet
from yizhan.desk.outlets import Quiet
from yizhan.foundation.db import Tx
from yizhan.web.given import FromPath, FromQuery, GivenCall, GivenServices, GivenViewer, JSONBody
from yizhan.web.notices.shapes import MutedKinds, MuteRequest, NoticeList, QuietHours, ReadNotices, UnreadShape

OfKind = Annotated[str | None, QueryParameter(max_length=60)]
Count = Annotated[int, QueryParameter(ge=1, le=100)]


@get("/notices")
async def my_notices(
    services: GivenServices, viewer: GivenViewer, unread: FromQuery[bool] = False,
    before: FromQuery[UUID | None] = None, limit: Count = 30, kind: OfKind = None,
) -> NoticeList:  # fmt: skip
    """Own notices only, whoever asks; of one kind where one is named: `sla` of `sla.breach`."""
    async with services.db.read() as tx:
        found = await notices.page(tx, viewer.agent_id, unread=unread, before=before, count=limit, kind=kind)
    return NoticeList(found.items, found.unread, found.before, found.kinds)


@post("/notices/read", status_code=200)
async def read_notices(data: JSONBody[ReadNotices], call: GivenCall) -> Response[UnreadShape]:
    async def verb(tx: Tx) -> UnreadShape:
        agent_id = call.viewer.agent_id
        if data.ids is None:
            return UnreadShape(await notices.read_all(tx, agent_id, now=call.now, kind=data.kind))
        return UnreadShape(await notices.read_some(tx, agent_id, data.ids, now=call.now))

    return await call.write(verb)


@get("/notices/mutes")
async def my_mutes(services: GivenServices, viewer: GivenViewer) -> MutedKinds:
    """Kinds of notices that come as read."""
    async with services.db.read() as tx:
        return MutedKinds(await notices.mutes(tx, viewer.agent_id))


@put("/notices/mutes")
async def mute_kind(data: JSONBody[MuteRequest], call: GivenCall) -> Response[MutedKinds]:
    """What is critical, or a call, is told whatever was muted."""

    async def verb(tx: Tx) -> MutedKinds:
        return MutedKinds(await notices.mute(tx, call.viewer.agent_id, data.why, muted=data.muted))

    return await call.write(verb)


@get("/notices/quiet")
async def my_quiet_hours(services: GivenServices, viewer: GivenViewer) -> QuietHours:
    async with services.db.read() as tx:
        found = (await notices.quiet(tx, [viewer.agent_id])).get(viewer.agent_id)
    return QuietHours(Quiet(found.start, found.end, found.tz) if found else None)


@put("/notices/quiet")
async def set_quiet_hours(data: JSONBody[QuietHours], call: GivenCall) -> Response[QuietHours]:
    """What comes then makes no sound and shows no window; it stands in the list as unread all the same."""
    outlets.check_quiet(data.quiet, "quiet")
    quiet = data.quiet

    async def verb(tx: Tx) -> QuietHours:
        kept = NoticeQuiet(quiet.start, quiet.end, quiet.tz) if quiet else None
        await notices.set_quiet(tx, call.viewer.agent_id, kept)
        return data

    return await call.write(verb)


@get("/notices/calls")
async def my_calls(services: GivenServices, viewer: GivenViewer) -> NoticeList:
    """Urgent ones that nobody has acknowledged yet, newest first."""
    async with services.db.read() as tx:
        found = await notices.calls(tx, viewer.agent_id, services.clock.now())
    return NoticeList(found, len(found), None)


@post("/notices/{notice_id:uuid}/acknowledge", status_code=200)
async def acknowledge_call(notice_id: FromPath[UUID], call: GivenCall) -> Response[UnreadShape]:
    """确认收到: from here it rings for nobody any more."""

    async def verb(tx: Tx) -> UnreadShape:
        return UnreadShape(await notices.acknowledge(tx, call.viewer.agent_id, notice_id, now=call.now))

    return await call.write(verb)


routes = (my_notices, read_notices, my_mutes, mute_kind, my_quiet_hours, set_quiet_hours, my_calls, acknowledge_call)
