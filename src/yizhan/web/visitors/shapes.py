"""What goes over the wire about visitors and their trail."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.desk.trail import OnlineVisit, Trail, source_name

_ONLINE_FOR = timedelta(minutes=2)


class VisitorShape(msgspec.Struct):
    visit_id: UUID
    contact_id: UUID | None
    name: str | None
    page: str
    title: str
    since: datetime
    pages: int
    cart: Any
    source: str


class VisitorList(msgspec.Struct):
    items: list[VisitorShape]


class VisitorInviteRequest(msgspec.Struct):
    text: Annotated[str, Meta(min_length=1, max_length=300, pattern=r"^[^\x00]*$")]


class VisitShape(msgspec.Struct):
    id: UUID
    started_at: datetime
    seen_at: datetime
    origin: Any
    pages: int
    cart: Any
    online: bool


class TrailItemShape(msgspec.Struct):
    kind: str
    url: str
    title: str
    at: datetime
    dwell_ms: int | None
    data: dict[str, Any]


class TrailShape(msgspec.Struct):
    visit: VisitShape
    items: list[TrailItemShape]


def visitor_shape(found: OnlineVisit, who: tuple[UUID, str] | None) -> VisitorShape:
    visit = found.visit
    return VisitorShape(
        visit_id=visit.id,
        contact_id=who[0] if who else None,
        name=who[1] if who else None,
        page=found.url,
        title=found.title,
        since=found.since,
        pages=visit.pages,
        cart=msgspec.to_builtins(visit.cart),
        source=source_name(visit.origin),
    )


def trail_shape(trail: Trail, now: datetime) -> TrailShape:
    v = trail.visit
    return TrailShape(
        VisitShape(
            v.id, v.started_at, v.seen_at, msgspec.to_builtins(v.origin), v.pages, msgspec.to_builtins(v.cart),
            now - v.seen_at < _ONLINE_FOR,
        ),
        [TrailItemShape(i.kind, i.url, i.title, i.at, i.dwell_ms, i.data) for i in trail.items],
    )  # fmt: skip
