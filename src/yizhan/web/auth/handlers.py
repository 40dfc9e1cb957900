"""The routes of signing in and out."""

from litestar import Response, get, post, put
from litestar.datastructures import Cookie

from yizhan.desk.roster import set_own_state
from yizhan.foundation.db import Tx
from yizhan.records.access import (
    NotSignedIn,
    OpenedSession,
    StaleForm,
    close_all_sessions,
    resume_session,
)
from yizhan.records.agents import (
    Agent,
    PresenceState,
    active_logins,
    agent,
    set_presence,
)
from yizhan.web.auth.entry import Caller, enter, enter_demo, leave_here
from yizhan.web.auth.shapes import (
    Demo,
    DemoAccount,
    DemoSignIn,
    Me,
    PresenceShape,
    PresenceWish,
    SignedIn,
    SignIn,
    load_shape,
    my_agent,
    presence_shape,
)
from yizhan.web.given import GivenCall, GivenServices, GivenSession, GivenViewer, JSONBody
from yizhan.web.guards import PUBLIC, AnyRequest, cookie_of, ensure_form
from yizhan.web.limits import SESSION_COOKIE
from yizhan.web.services import Services


@post("/auth/login", opt=PUBLIC, status_code=200)
async def sign_in(data: JSONBody[SignIn], request: AnyRequest, services: GivenServices) -> Response[SignedIn]:
    opened, who = await enter(services, data.login, data.password, _caller(request))
    return _welcome(services, opened, who)


@post("/auth/demo", opt=PUBLIC, status_code=200)
async def demo_sign_in(data: JSONBody[DemoSignIn], request: AnyRequest, services: GivenServices) -> Response[SignedIn]:
    opened, who = await enter_demo(services, data.login, _caller(request))
    return _welcome(services, opened, who)


@get("/auth/demo", opt=PUBLIC)
async def demo_accounts(services: GivenServices) -> Demo:
    if not services.settings.demo:
        return Demo(False, [], None)
    async with services.db.read() as tx:
        rows = await active_logins(tx, services.settings.demo_logins)
    accounts = [DemoAccount(row["login"], row["name"], row["role"], row["role_name"]) for row in rows]
    return Demo(True, accounts, services.settings.visitor_url)


@post("/auth/logout", opt=PUBLIC, status_code=204)
async def leave(request: AnyRequest, services: GivenServices) -> Response[None]:
    """Also answers who has no session any more: the cookie goes in any case."""
    secret = cookie_of(request)
    if secret and await _holds(services, request, secret):
        await leave_here(services, secret)
    return Response(None, status_code=204, cookies=[_gone(services)])


@post("/auth/logout-everywhere", status_code=204)
async def leave_everywhere(services: GivenServices, viewer: GivenViewer) -> Response[None]:
    now = services.clock.now()
    async with services.db.transaction() as tx:
        await close_all_sessions(tx, viewer.agent_id, now, viewer.actor)
        await set_presence(tx, viewer.agent_id, PresenceState.OFFLINE, None, now, viewer.actor)
    return Response(None, status_code=204, cookies=[_gone(services)])


@get("/auth/me")
async def me(services: GivenServices, viewer: GivenViewer, session: GivenSession) -> Me:
    """A program with an API token has no form to protect: its `csrf` is empty."""
    async with services.db.read() as tx:
        who = await agent(tx, viewer.agent_id)
    now = services.clock.now()
    return Me(
        agent=my_agent(who, viewer.permissions),
        csrf=session.csrf if session else "",
        presence=presence_shape(who.presence, now),
        load=load_shape(who.load),
        demo=services.settings.demo,
        now=now,
    )


@put("/me/presence")
async def set_my_presence(data: JSONBody[PresenceWish], call: GivenCall) -> Response[PresenceShape]:
    async def verb(tx: Tx) -> PresenceShape:
        said = await set_own_state(
            tx, call.viewer.agent_id, data.state, data.reason, now=call.now, by=call.actor,
            book=call.services.roster_book,
        )  # fmt: skip
        return presence_shape(said, call.now)

    return await call.write(verb)


async def _holds(services: Services, request: AnyRequest, secret: str) -> bool:
    """Whether a session still hangs on the cookie; then leaving is a write like any other."""
    try:
        async with services.db.transaction() as tx:
            session = await resume_session(tx, secret, services.clock.now(), services.settings.sessions)
    except NotSignedIn:
        return False
    ensure_form(request, session)
    return True


def _caller(request: AnyRequest) -> Caller:
    if request.headers.get("sec-fetch-site") == "cross-site":
        # Another site that signs its victim in under the attacker's name would read what he writes there.
        raise StaleForm("sign in on our own page")
    ip = request.client.host if request.client else ""
    return Caller(ip, request.headers.get("user-agent", ""), cookie_of(request))


def _welcome(services: Services, opened: OpenedSession, who: Agent) -> Response[SignedIn]:
    shape = SignedIn(my_agent(who, frozenset(who.permissions)), opened.session.csrf)
    return Response(
        shape, status_code=200, cookies=[_cookie(services, opened.secret, services.settings.session_seconds)]
    )


def _gone(services: Services) -> Cookie:
    return _cookie(services, "", 0)


def _cookie(services: Services, secret: str, seconds: int) -> Cookie:
    return Cookie(
        key=SESSION_COOKIE,
        value=secret,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="lax",
        secure=services.settings.secure_cookies,
    )
