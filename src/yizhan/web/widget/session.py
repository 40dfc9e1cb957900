"""A widget starts: how it looks and what it may offer, then who its visitor is."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.params import QueryParameter

from yizhan.channels.webchat import (
    Claims,
    IdentityRefused,
    Moment,
    WebchatSecret,
    new_visitor,
    normalised_contact,
    proved,
    rules_for,
    welcome_for,
)
from yizhan.desk import views
from yizhan.desk.live import (
    WidgetMessage,
    newest_of_visitor,
    unread_of_visitor,
    widget_conversation,
    widget_message,
)
from yizhan.desk.trail import InvitationCaps, Words, invited_rules, masked_url, origin_of, source_name, visit_source
from yizhan.desk.views import MessageRow
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Invalid, RateLimited
from yizhan.foundation.text import clean
from yizhan.records import contacts
from yizhan.records.inboxes import secrets_of
from yizhan.web import nps
from yizhan.web.given import FromPath, FromQuery, GivenServices, JSONBody
from yizhan.web.guards import PUBLIC, AnyRequest
from yizhan.web.services import Services
from yizhan.web.widget import hours, passes
from yizhan.web.widget.door import Door, Guest, VisitorLinks, bearer_guest, guest_of, open_door
from yizhan.web.widget.passes import Pass
from yizhan.web.widget.presence import adopt_visits, begin_visit, may_record
from yizhan.web.widget.saying import introduce, own_identities, sign_in
from yizhan.web.widget.shapes import (
    ConfigShape,
    HistoryShape,
    IdentityShape,
    PreChatShape,
    SessionShape,
    SessionWish,
    WelcomeShape,
)
from yizhan.web.widget_memory import Page

_VISITOR_CHARS = range(20, 45)
_SHOWN_MESSAGES = 50
_ADDRESSES = ("email", "phone")

Short = Annotated[str, QueryParameter(max_length=100)]


@get("/widget/{key:str}/config", opt=PUBLIC)
async def configuration(
    key: FromPath[str], request: AnyRequest, services: GivenServices, visitor: Short = "", locale: Short = "",
    url: Annotated[str, QueryParameter(max_length=2_000)] = "",
    referrer: Annotated[str, QueryParameter(max_length=2_000)] = "",
) -> ConfigShape:  # fmt: skip
    door = await open_door(services, request, key)
    now = services.clock.now()
    settings = door.settings
    async with services.db.read() as tx:
        duty = await hours.duty_of(tx, services, door, now, locale or settings.locale)
    who = Pass("visitor", visitor) if len(visitor) in _VISITOR_CHARS else None
    seen: list[str] | None = []
    source = source_name(origin_of(url, referrer, ip="", language="", user_agent=""))
    if who is not None:
        blind, caps = guest_of(services, door, who).blind, InvitationCaps(per_day=settings.invitations_per_day)
        async with services.db.read() as tx:
            source = await visit_source(tx, door.inbox.id, blind, now) or source
            seen = await invited_rules(tx, door.inbox.id, blind, caps, now) if settings.rules else []
    moment = Moment(at=now, locale=locale or settings.locale, source=source, url=url, online=duty.online)
    welcome = welcome_for(settings, moment)
    return ConfigShape(
        name=door.name, color=settings.color, locale=settings.locale, logo=settings.logo or None,
        subtitle=settings.subtitle or None, position=settings.position,
        welcome=WelcomeShape(welcome.text, welcome.questions),
        pre_chat=PreChatShape(settings.pre_chat.title or None, settings.pre_chat.fields), online=duty.online,
        opens=duty.opens, reply_by=duty.reply_by, night=duty.night,
        rules=rules_for(settings, seen, moment), file_limit=settings.file_limit,
        rating_tags=settings.rating_tags or None, callback=settings.callback,
        assistant=services.reception.book.of(door.inbox.id, door.inbox.team_id).receives, tracking=settings.tracking,
        consent=settings.consent, visits=bool(services.shop_book.shops),
    )  # fmt: skip


@post("/widget/{key:str}/session", opt=PUBLIC, status_code=200)
async def open_session(
    key: FromPath[str], data: JSONBody[SessionWish], request: AnyRequest, services: GivenServices
) -> SessionShape:
    door = await open_door(services, request, key)
    wait = services.widgets.sessions.take(request.client.host if request.client else "")
    if wait:
        raise RateLimited(wait)
    now = services.clock.now()
    visitor, earlier = _visitor(services, door, data, now)
    who, claims = Pass("visitor", visitor) if earlier is None else earlier, None
    if data.identity is not None:
        who, claims = await _identified(services, door, visitor, data.identity, now)
    guest = guest_of(services, door, who)
    services.widgets.pages.put(guest.blind, Page(masked_url(data.page.url), clean(data.page.title)[:300],
                                                 masked_url(data.page.referrer)))  # fmt: skip
    if data.identity is not None:
        await _note_words(services, guest, data.identity, claims, now)
    await _begin(services, guest, request, data, now)
    token, expires = passes.issue(services.signer, door.inbox.id, who, now)
    return await _shape(services, guest, visitor, token, expires, now)


def _visitor(services: Services, door: Door, wish: SessionWish, now: datetime) -> tuple[str, Pass | None]:
    """The visitor's own id, and his pass when his token still counts. An id nobody could guess is as good as one."""
    known = passes.read(services.signer, door.inbox.id, wish.token, now) if wish.token else None
    if known is not None and known.kind == "user" and wish.identity is None:
        return known.before or new_visitor(), known
    if known is not None and known.kind == "visitor":
        return known.value, None
    given = wish.visitor or ""
    return (given if len(given) in _VISITOR_CHARS and given.isascii() else new_visitor()), None


async def _identified(
    services: Services, door: Door, visitor: str, said: IdentityShape, now: datetime
) -> tuple[Pass, Claims | None]:
    """A proved user, and what was signed; without proof he stays the visitor he is, and his name is only a word."""
    if said.signed:
        known = passes.read(services.signer, door.inbox.id, said.signed, now)
        if known is None or known.value != said.id:
            raise IdentityRefused("the pass is over, or another one's")
        return known, None
    async with services.db.read() as tx:
        secrets = await secrets_of(tx, services.vault, door.inbox.id)
    kept = WebchatSecret(**{n: v for n, v in secrets.items() if n in WebchatSecret.__struct_fields__})
    claims = proved(door.settings.identity, kept, door.inbox.key, now, id=said.id, jwt=said.jwt, hash=said.hash)
    name = clean(said.name).strip()[:80]
    if claims is None:
        return Pass("visitor", visitor, name), None
    return Pass("user", claims.user_id, claims.name[:80] or name, visitor), claims


async def _note_words(
    services: Services, guest: Guest, said: IdentityShape, claims: Claims | None, now: datetime
) -> None:
    """An address beside the id is a claim, proof of the id or not; one inside of what was signed is proved with it.
    It is kept once there is a customer to keep it."""
    signed = {"email": claims.email, "phone": claims.phone} if claims is not None else {}
    given = {kind: _address(kind, signed.get(kind) or (said.email if kind == "email" else "")) for kind in _ADDRESSES}
    if not any(given.values()):
        return  # a site's attribute of the wrong shape costs its visitor nothing
    vouched = tuple(kind for kind in _ADDRESSES if signed.get(kind) and given[kind])
    words = Words(guest.who.name, given["email"], given["phone"], proved=vouched)
    await introduce(services, guest, words, now)


def _address(kind: str, given: str) -> str:
    try:
        found, value = normalised_contact(given)
    except Invalid:
        return ""
    return value if found == kind else ""


async def _begin(services: Services, guest: Guest, request: AnyRequest, wish: SessionWish, now: datetime) -> None:
    """The visit, and that two contacts are one person when both already wrote."""
    async with services.db.transaction() as tx:
        identity = await sign_in(tx, services, guest, now)
        await adopt_visits(tx, services, guest)
    if wish.tracking and may_record(guest.door.settings, request.headers):
        contact = identity.contact_id if identity else None
        await begin_visit(
            services, guest, request, wish.page.url, wish.page.referrer, wish.locale, now, contact_id=contact
        )


async def _shape(
    services: Services, guest: Guest, visitor: str, token: str, expires: datetime, now: datetime
) -> SessionShape:
    # The position first: what comes between it and the rows is told twice, not never.
    pos = str(services.the_hub.at)
    async with services.db.read() as tx:
        identity = await contacts.identity_by_blind(tx, guest.blind)
        if identity is None:
            return SessionShape(token, visitor, expires, pos, None, [], 0, {})
        own = await contacts.visitor_identities(tx, identity, guest.inbox_id)
        newest = await newest_of_visitor(tx, own, guest.inbox_id, now)
        rows = await views.messages_of_visitor(tx, own, count=_SHOWN_MESSAGES + 1)
        unread = await unread_of_visitor(tx, newest.row.id) if newest else 0
        profile = await _profile(tx, guest, identity.contact_id)
        question = await nps.question_of(tx, services, own, now)
    conversation = widget_conversation(newest.row, None, survey=newest.survey, answered=True) if newest else None
    messages, more = _page_of(services, rows)
    return SessionShape(token, visitor, expires, pos, conversation, messages, unread, profile, more, question)


@get("/widget/{key:str}/history", opt=PUBLIC)
async def history(
    key: FromPath[str], request: AnyRequest, services: GivenServices, before: FromQuery[UUID]
) -> HistoryShape:
    """The page of messages before a known one."""
    guest = await bearer_guest(services, request, key)
    wait = services.widgets.frames.take(guest.blind.hex())
    if wait:
        raise RateLimited(wait)
    async with services.db.read() as tx:
        own = await own_identities(tx, guest)
        if not own:
            return HistoryShape([], False)
        rows = await views.messages_of_visitor(tx, own, before=before, count=_SHOWN_MESSAGES + 1)
    return HistoryShape(*_page_of(services, rows))


def _page_of(services: Services, rows: list[MessageRow]) -> tuple[list[WidgetMessage], bool]:
    """One row more than a page was asked for tells that there are others before it."""
    links = VisitorLinks(services.signer, services.clock)
    return [widget_message(row, links) for row in rows[-_SHOWN_MESSAGES:]], len(rows) > _SHOWN_MESSAGES


async def _profile(tx: Tx, guest: Guest, contact_id: UUID) -> dict[str, str]:
    """Only his name, and only one he gave."""
    name = (await contacts.contact(tx, contact_id)).name
    return {} if name == guest.default_name and not guest.who.name else {"name": name}
