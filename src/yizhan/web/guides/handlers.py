"""The routes of the guide. Everybody has his own, whatever his role may do."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Response, get, put
from msgspec import Meta

from yizhan.foundation.db import Tx
from yizhan.records import guides
from yizhan.records.guides import GuideCourse, GuideState, Walk
from yizhan.web.given import FromQuery, GivenCall, GivenServices, GivenViewer, JSONBody

Step = Annotated[str, Meta(min_length=1, max_length=30, pattern=r"^[a-z_]+$")]


class GuideShape(msgspec.Struct):
    """`done` are steps that were really done, on whichever device; `round` is one more each time it is begun again."""

    course: GuideCourse
    round: int
    began_at: datetime
    done: list[str]
    state: GuideState


class GuideProgress(msgspec.Struct, forbid_unknown_fields=True):
    """Steps are added to those that are known. A `round` more begins anew. Without a state it stays."""

    course: GuideCourse
    round: Annotated[int, Meta(ge=1, le=10_000)]
    done: Annotated[list[Step], Meta(max_length=50)] = []
    state: GuideState | None = None


@get("/guide")
async def read_guide(services: GivenServices, viewer: GivenViewer, course: FromQuery[GuideCourse]) -> GuideShape:
    async with services.db.read() as tx:
        return _shape(course, await guides.walk(tx, viewer.agent_id, course, services.clock.now()))


@put("/guide")
async def go_on_with_guide(data: JSONBody[GuideProgress], call: GivenCall) -> Response[GuideShape]:
    async def verb(tx: Tx) -> GuideShape:
        found = await guides.go_on(
            tx, call.viewer.agent_id, data.course, data.round, data.done, data.state, now=call.now
        )  # fmt: skip
        return _shape(data.course, found)

    return await call.write(verb)


def _shape(course: GuideCourse, walk: Walk) -> GuideShape:
    return GuideShape(course, walk.round, walk.began_at, list(walk.done), walk.state)


routes = (read_guide, go_on_with_guide)
