"""The steps of a log-in, in the order that gives nothing away.

The attempt is counted and committed before the password is looked at; the look takes as long for a name that does not
exist; every log-in gets a new secret and ends the session it came with.
"""

from uuid import UUID

import msgspec

from yizhan.foundation.db import Tx
from yizhan.foundation.errors import NotFound
from yizhan.records.access import (
    BadCredentials,
    LockedOut,
    OpenedSession,
    begin_attempt,
    close_session,
    forgive,
    has_session,
    open_session,
    refuse_session,
)
from yizhan.records.agents import (
    Agent,
    Credentials,
    PresenceState,
    active_logins,
    agent,
    credentials,
    keep_password_hash,
    set_presence,
)
from yizhan.web.services import Services


class Caller(msgspec.Struct, frozen=True):
    """Where a log-in comes from; `secret` is of the session the browser still had."""

    ip: str
    user_agent: str
    secret: str | None


async def enter(services: Services, login: str, password: str, caller: Caller) -> tuple[OpenedSession, Agent]:
    known = await _counted(services, login)
    stored = known.password_hash if known else None
    if not await services.passwords.fits(password, stored) or known is None or stored is None:
        async with services.db.transaction() as tx:
            await refuse_session(tx, known.agent_id if known else None, services.clock.now(), "password")
        raise BadCredentials("the name or the password is wrong")
    renewed = await services.passwords.hash(password) if services.passwords.is_old(stored) else None
    async with services.db.transaction() as tx:
        await forgive(tx, services.vault, login)
        if renewed:
            await keep_password_hash(tx, known.agent_id, stored, renewed)
        return await _opened(services, tx, known.agent_id, caller, "password")


async def enter_demo(services: Services, login: str, caller: Caller) -> tuple[OpenedSession, Agent]:
    """Without a password, for the listed accounts and only where the operator switched the demo on."""
    if not services.settings.demo or login not in services.settings.demo_logins:
        raise NotFound("no such demo account")
    async with services.db.transaction() as tx:
        known = await active_logins(tx, [login])
        if not known:
            raise NotFound("no such demo account")
        return await _opened(services, tx, known[0]["id"], caller, "demo")


async def _counted(services: Services, login: str) -> Credentials | None:
    now = services.clock.now()
    try:
        async with services.db.transaction() as tx:
            await begin_attempt(tx, services.vault, login, now)
            return await credentials(tx, login)
    except LockedOut:
        async with services.db.transaction() as tx:
            known = await credentials(tx, login)
            await refuse_session(tx, known.agent_id if known else None, now, "locked")
        raise


async def _opened(services: Services, tx: Tx, agent_id: UUID, caller: Caller, way: str) -> tuple[OpenedSession, Agent]:
    now, terms = services.clock.now(), services.settings.sessions
    if caller.secret:
        await close_session(tx, caller.secret, now)
    if not await has_session(tx, agent_id, now, terms):
        # Nobody is on duty by merely signing in; a second window leaves the first one's word alone.
        await set_presence(tx, agent_id, PresenceState.OFFLINE, None, now, f"agent:{agent_id}")
    opened = await open_session(tx, agent_id, now, terms, ip=caller.ip, user_agent=caller.user_agent, way=way)
    return opened, await agent(tx, agent_id)


async def leave_here(services: Services, secret: str) -> None:
    """With the last session the agent is 离线."""
    now = services.clock.now()
    async with services.db.transaction() as tx:
        agent_id = await close_session(tx, secret, now)
        if agent_id and not await has_session(tx, agent_id, now, services.settings.sessions):
            await set_presence(tx, agent_id, PresenceState.OFFLINE, None, now, f"agent:{agent_id}")
