"""Sessions: opened at log-in with a new secret every time, resumed with each request, closed for good."""

from datetime import datetime
from uuid import UUID

from yizhan.foundation.db import Tx
from yizhan.foundation.journal import Event, emit
from yizhan.records.access import policy
from yizhan.records.access.model import NotSignedIn, OpenedSession, Session, SessionEnded, SessionTerms
from yizhan.records.access.secrets import digest, new_secret
from yizhan.records.access.store import SQL

NOBODY = UUID(int=0)
_IP_CHARS = 64
_USER_AGENT_CHARS = 200


async def open_session(
    tx: Tx, agent_id: UUID, now: datetime, terms: SessionTerms, *, ip: str, user_agent: str, way: str
) -> OpenedSession:
    """`way` is how the agent proved who it is: password, demo …"""
    secret, csrf = new_secret(), new_secret()
    session = Session(agent_id, csrf, now, now + terms.life)
    origin = (ip[:_IP_CHARS], user_agent[:_USER_AGENT_CHARS])
    await tx.execute(SQL.open_session, digest(secret), agent_id, csrf, now, session.expires_at, *origin)
    await emit(tx, [_event("session.opened", agent_id, now, {"way": way})])
    return OpenedSession(secret, session)


async def refuse_session(tx: Tx, agent_id: UUID | None, now: datetime, reason: str) -> None:
    """A refusal leaves a trace even when there is no such agent."""
    await emit(tx, [_event("session.refused", agent_id, now, {"reason": reason})])


async def resume_session(tx: Tx, secret: str, now: datetime, terms: SessionTerms) -> Session:
    """The session of a presented secret; raises NotSignedIn when there is none or it is over."""
    hashed = digest(secret)
    row = await tx.fetchrow(SQL.session, hashed)
    if row is None:
        raise SessionEnded("sign in")
    if not policy.session_alive(now, row["seen_at"], row["expires_at"], terms):
        raise NotSignedIn("sign in")
    if now - row["seen_at"] >= policy.SEEN_STEP:
        await tx.execute(SQL.see_session, hashed, now)
    return Session(row["agent_id"], row["csrf"], row["created_at"], row["expires_at"])


async def close_session(tx: Tx, secret: str, now: datetime) -> UUID | None:
    """Whose session it was, None when there was none."""
    agent_id: UUID | None = await tx.fetchval(SQL.close_session, digest(secret))
    if agent_id is not None:
        await emit(tx, [_event("session.closed", agent_id, now, {})])
    return agent_id


async def close_all_sessions(tx: Tx, agent_id: UUID, now: datetime, by: str) -> None:
    await tx.execute(SQL.close_all_sessions, agent_id)
    await emit(tx, [_event("session.closed", agent_id, now, {"everywhere": True}, by)])


async def has_session(tx: Tx, agent_id: UUID, now: datetime, terms: SessionTerms) -> bool:
    return bool(await tx.fetchval(SQL.has_session, agent_id, now, now - terms.idle))


async def forget_sessions(tx: Tx, now: datetime, terms: SessionTerms, most: int) -> int:
    """Long after they are over: until then an outlived session is told from one that somebody closed."""
    late = now - policy.KEEP_OUTLIVED
    return len(await tx.fetch(SQL.forget_sessions, late, late - terms.idle, most))


def _event(kind: str, agent_id: UUID | None, now: datetime, facts: dict[str, object], by: str | None = None) -> Event:
    actor = by or (f"agent:{agent_id}" if agent_id else "system")
    return Event(
        kind=kind, subject=agent_id or NOBODY, subject_version=0, at=now, actor=actor, agent_id=agent_id, data=facts
    )
