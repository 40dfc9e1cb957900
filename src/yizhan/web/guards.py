"""Who asks, and whether he may. Every route needs a sign-in unless it says `public=True` in its `opt`.

A browser's session cookie needs its CSRF token with every write; a program's Bearer token needs none, because no
browser sends it by itself.
"""

from collections.abc import Awaitable, Callable
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.exceptions import WebSocketException
from litestar.handlers import BaseRouteHandler

from yizhan.foundation.crypto import same
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Forbidden
from yizhan.records.access import NotSignedIn, Session, SessionEnded, StaleForm, resume_session, token_grant
from yizhan.records.agents import Permission, Viewer, viewer
from yizhan.web.limits import SESSION_COOKIE
from yizhan.web.services import Services

Connection = ASGIConnection[Any, Any, Any, Any]
AnyRequest = Request[Any, Any, Any]
Guard = Callable[[Connection, BaseRouteHandler], Awaitable[None]]

PUBLIC = {"public": True}
"""`opt` of a route that answers anybody; the test of all routes keeps the list of them."""

SOCKET_NOT_SIGNED_IN = 4401
SOCKET_FORBIDDEN = 4403

CSRF_HEADER = "x-csrf-token"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_BEARER = "bearer "


async def signed_in(connection: Connection, handler: BaseRouteHandler) -> None:
    """The guard of the whole application; leaves the viewer, and the session if there is one, on the connection."""
    if handler.opt.get("public"):
        return
    if "method" not in connection.scope:  # a socket
        await _socket_signed_in(connection)
    else:
        await _signed_in(connection)


async def _socket_signed_in(connection: Connection) -> None:
    """The framework has no problem documents for sockets: a code of its own range tells which refusal it was."""
    if bearer_of(connection) is None and not _from_our_pages(connection):
        # No CSRF token comes with a socket: its Origin is what tells our page from another site's.
        raise WebSocketException(detail=Forbidden.code, code=SOCKET_FORBIDDEN)
    try:
        await _signed_in(connection)
    except NotSignedIn as refusal:
        raise WebSocketException(detail=refusal.code, code=SOCKET_NOT_SIGNED_IN) from None


def _from_our_pages(connection: Connection) -> bool:
    services: Services = connection.app.state.services
    origin = urlsplit(connection.headers.get("origin", "")).netloc
    return bool(origin) and origin in (connection.headers.get("host"), urlsplit(services.settings.public_url).netloc)


async def _signed_in(connection: Connection) -> None:
    services: Services = connection.app.state.services
    bearer = bearer_of(connection)
    now = services.clock.now()
    async with services.db.pool.acquire() as connected:  # single statements: a transaction is two round trips more
        tx = cast(Tx, connected)
        if bearer is not None:
            grant = await token_grant(tx, bearer, now)
            who = await _viewer(tx, grant.agent_id)
            _remember(connection, _narrowed(who, grant.scopes), None)
            return
        session = await _session(tx, connection, services)
        who = await _viewer(tx, session.agent_id)
    if connection.scope.get("method", "GET") not in _SAFE:  # a socket has no method: it checks its Origin instead
        ensure_form(connection, session)
    _remember(connection, who, session)


def permits(*permissions: Permission) -> Guard:
    """Needs every one of these, on top of a sign-in."""

    async def permitted(connection: Connection, _: BaseRouteHandler) -> None:
        who: Viewer = connection.scope["state"]["viewer"]
        missing = [str(p) for p in permissions if not who.may(p)]
        if missing:
            raise Forbidden(f"needs {', '.join(missing)}")

    return permitted


def ensure_form(connection: Connection, session: Session) -> None:
    presented = connection.headers.get(CSRF_HEADER, "")
    if not same(presented, session.csrf):
        raise StaleForm("the CSRF token is missing or of another session")


def bearer_of(connection: Connection) -> str | None:
    header = connection.headers.get("authorization", "")
    return header[len(_BEARER) :].strip() if header.lower().startswith(_BEARER) else None


def cookie_of(connection: Connection) -> str | None:
    return connection.cookies.get(SESSION_COOKIE)


async def _session(tx: Tx, connection: Connection, services: Services) -> Session:
    secret = cookie_of(connection)
    if not secret:
        raise NotSignedIn("sign in")
    return await resume_session(tx, secret, services.clock.now(), services.settings.sessions)


async def _viewer(tx: Tx, agent_id: UUID) -> Viewer:
    who = await viewer(tx, agent_id)
    if who is None:
        raise SessionEnded("sign in")
    return who


def _narrowed(who: Viewer, scopes: frozenset[str]) -> Viewer:
    return Viewer(
        agent_id=who.agent_id,
        name=who.name,
        permissions=who.permissions & scopes,
        scope=who.scope,
        team_ids=who.team_ids,
        brand_ids=who.brand_ids,
        grants_version=who.grants_version,
    )


def _remember(connection: Connection, who: Viewer, session: Session | None) -> None:
    connection.scope["state"]["viewer"] = who
    connection.scope["state"]["session"] = session


def provide_viewer(request: AnyRequest) -> Viewer:
    who: Viewer = request.scope["state"]["viewer"]
    return who


def provide_session(request: AnyRequest) -> Session | None:
    """None for a program, which comes with an API token."""
    session: Session | None = request.scope["state"]["session"]
    return session
