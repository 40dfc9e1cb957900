"""API tokens: an agent's own permissions, narrowed, for a program."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from yizhan.foundation.db import Tx
from yizhan.foundation.errors import NotFound
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit
from yizhan.records.access.model import ApiToken, IssuedToken, NotSignedIn, TokenGrant
from yizhan.records.access.secrets import TOKEN_PREFIX, digest, new_secret
from yizhan.records.access.store import SQL


async def create_token(
    tx: Tx, agent_id: UUID, name: str, scopes: Collection[str], expires_at: datetime | None, now: datetime
) -> IssuedToken:
    secret = new_secret(TOKEN_PREFIX)
    token = ApiToken(new_id(now), name, agent_id, sorted(set(scopes)), now, expires_at, None)
    await tx.execute(SQL.add_token, token.id, digest(secret), name, agent_id, token.scopes, now, expires_at)
    await emit(tx, [_event("token.created", token.id, agent_id, now, {"scopes": token.scopes})])
    return IssuedToken(secret, token)


async def token_grant(tx: Tx, secret: str, now: datetime) -> TokenGrant:
    row = await tx.fetchrow(SQL.token_grant, digest(secret), now)
    if row is None:
        raise NotSignedIn("unknown, expired or revoked token")
    return TokenGrant(row["id"], row["agent_id"], frozenset(row["scopes"]))


async def tokens_of(tx: Tx, agent_id: UUID) -> list[ApiToken]:
    return [ApiToken(**row) for row in await tx.fetch(SQL.tokens, agent_id)]


async def revoke_token(tx: Tx, token_id: UUID, agent_id: UUID, now: datetime) -> None:
    if await tx.fetchval(SQL.revoke_token, token_id, agent_id, now) is None:
        raise NotFound("no such token")
    await emit(tx, [_event("token.revoked", token_id, agent_id, now, {})])


def _event(kind: str, token_id: UUID, agent_id: UUID, now: datetime, facts: dict[str, object]) -> Event:
    return Event(
        kind=kind, subject=token_id, subject_version=1, at=now, actor=f"agent:{agent_id}", agent_id=agent_id, data=facts
    )
