"""A person lets us into a mailbox at its provider: there with a signed state, back with a code."""

from __future__ import annotations

import html
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import MediaType, Response, get, post
from litestar.params import QueryParameter

from yizhan.foundation.errors import DomainError, Forbidden, Invalid
from yizhan.records import inboxes
from yizhan.records.agents import Permission
from yizhan.records.inboxes import Authorisation, InboxChange
from yizhan.web.given import FromPath, GivenServices
from yizhan.web.guards import PUBLIC, permits
from yizhan.web.services import Services

_STATE = "inbox-authorisation"
_MINUTES = timedelta(minutes=20)
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{title}</title>
<body style="font-family:sans-serif;margin:48px;max-width:560px"><h1>{title}</h1><p>{text}</p></body></html>"""

Line = Annotated[str, QueryParameter(max_length=4_000)]
State = Annotated[str, QueryParameter(name="state", max_length=4_000)]  # the framework keeps the plain name to itself


class AuthorisationShape(msgspec.Struct, frozen=True):
    """`url` is the provider's page; `redirect` must be registered there."""

    url: str
    redirect: str


@post("/inboxes/{inbox_id:uuid}/authorisation", guards=[permits(Permission.INBOX_MANAGE)], status_code=200)
async def begin_authorisation(inbox_id: FromPath[UUID], services: GivenServices) -> AuthorisationShape:
    """Where to go to let us into the account of this inbox, the first time or again."""
    async with services.db.read() as tx:
        door = await inboxes.inbox(tx, services.vault, inbox_id)
    state = services.signer.session(_STATE, inbox_id, services.clock.now() + _MINUTES)
    url = _way(services, door.channel).start(
        door.settings, redirect=_redirect(services), state=state, verifier=_verifier(services, state, inbox_id)
    )
    return AuthorisationShape(url, _redirect(services))


@get("/authorised", opt=PUBLIC, media_type=MediaType.HTML, include_in_schema=False)
async def end_authorisation(
    services: GivenServices, code: Line = "", given: State = "", error: Line = "", error_description: Line = ""
) -> Response[str]:
    """The provider sends the person back here; the state says that we sent him, and for which inbox."""
    inbox_id = services.signer.read_session(_STATE, given, services.clock.now())
    if inbox_id is None:
        raise Forbidden("this authorisation was not begun here, or too long ago")
    if not code:
        return _page("未获授权 Not authorised", f"{error} {error_description}")
    try:
        await _take_in(services, inbox_id, code, given)
    except DomainError as refusal:
        return _page("未获授权 Not authorised", refusal.message)
    return _page("授权成功 Authorised", "可以关闭本页，邮箱会自动重新连接。You may close this page.")


async def _take_in(services: Services, inbox_id: UUID, code: str, state: str) -> None:
    async with services.db.read() as tx:
        door = await inboxes.inbox(tx, services.vault, inbox_id)
        secrets = await inboxes.secrets_of(tx, services.vault, inbox_id)
    gained = await _way(services, door.channel).finish(
        door.settings, secrets, code=code, redirect=_redirect(services),
        verifier=_verifier(services, state, inbox_id),
    )  # fmt: skip
    async with services.db.transaction() as tx:
        now = services.clock.now()
        version = (await inboxes.inbox(tx, services.vault, inbox_id)).version
        await inboxes.change_inbox(tx, services.vault, inbox_id, version, InboxChange(secrets=gained), now, "system")


def _way(services: Services, channel: str) -> Authorisation:
    try:
        return services.authorisations[channel]
    except KeyError:
        raise Invalid("this channel has nobody to authorise us", "channel") from None


def _redirect(services: Services) -> str:
    return f"{services.settings.public_url}/authorised"


def _verifier(services: Services, state: str, inbox_id: UUID) -> str:
    """PKCE's secret, made again from the state: only we can."""
    return services.signer.session(f"{_STATE}:{state}", inbox_id, _NEVER)


def _page(title: str, text: str) -> Response[str]:
    return Response(_PAGE.format(title=html.escape(title), text=html.escape(text)), media_type=MediaType.HTML)
