"""The routes of API tokens. Each agent sees and withdraws its own."""

from uuid import UUID

from litestar import Response, delete, get, post

from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Forbidden, Invalid
from yizhan.records.access import create_token, revoke_token, tokens_of
from yizhan.records.agents import Permission
from yizhan.web.given import FromPath, GivenCall, GivenServices, GivenSession, GivenViewer, JSONBody
from yizhan.web.guards import permits
from yizhan.web.tokens.shapes import IssuedTokenShape, NewToken, TokenList, token_shape

MAY = [permits(Permission.API_TOKEN)]


@get("/tokens", guards=MAY)
async def list_tokens(services: GivenServices, viewer: GivenViewer) -> TokenList:
    async with services.db.read() as tx:
        return TokenList([token_shape(each) for each in await tokens_of(tx, viewer.agent_id)])


@post("/tokens", guards=MAY)
async def issue_token(data: JSONBody[NewToken], call: GivenCall, session: GivenSession) -> Response[IssuedTokenShape]:
    if session is None:
        raise Forbidden("a token cannot make tokens")
    beyond = sorted(set(data.scopes) - call.viewer.permissions)
    if beyond:
        raise Forbidden(f"you do not have {', '.join(beyond)}")
    if data.expires_at is not None and data.expires_at <= call.now:
        raise Invalid("is over already", "expires_at")

    async def verb(tx: Tx) -> IssuedTokenShape:
        scopes = [str(scope) for scope in data.scopes]
        issued = await create_token(tx, call.viewer.agent_id, data.name, scopes, data.expires_at, call.now)
        return IssuedTokenShape(token_shape(issued.token), issued.secret)

    return await call.write(verb, 201)


@delete("/tokens/{token_id:uuid}", guards=MAY, status_code=204)
async def withdraw_token(token_id: FromPath[UUID], call: GivenCall) -> Response[None]:
    async def verb(tx: Tx) -> None:
        await revoke_token(tx, token_id, call.viewer.agent_id, call.now)

    return await call.write(verb, 204)
