"""The routes of people."""

from uuid import UUID

import msgspec
from litestar import Response, get, patch, post, put
from msgspec import UNSET

from yizhan.desk.roster import force_state
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import Forbidden, Invalid
from yizhan.records import agents
from yizhan.records.access import BadCredentials, Passwords, close_all_sessions, weakness
from yizhan.records.agents import Agent, AgentChange, NewAgent, Permission, Role, Viewer
from yizhan.web.agents.shapes import (
    AgentEdit,
    AgentList,
    AgentShape,
    AgentSkills,
    ForcedPresence,
    NewAgentShape,
    PasswordEdit,
    RoleList,
    agent_shape,
    role_shape,
)
from yizhan.web.auth.shapes import PresenceShape, presence_shape
from yizhan.web.call import Call
from yizhan.web.given import FromPath, GivenCall, GivenServices, JSONBody
from yizhan.web.guards import permits

MANAGES = [permits(Permission.AGENT_MANAGE)]


@get("/agents", guards=MANAGES)
async def list_agents(services: GivenServices) -> AgentList:
    async with services.db.read() as tx:
        return AgentList([agent_shape(each) for each in await agents.agents(tx)])


@get("/roles", guards=MANAGES)
async def list_roles(services: GivenServices) -> RoleList:
    async with services.db.read() as tx:
        return RoleList([role_shape(each) for each in await agents.roles(tx)])


@post("/agents", guards=MANAGES)
async def hire_agent(data: JSONBody[NewAgentShape], call: GivenCall) -> Response[AgentShape]:
    hashed = await _hashed(call.services.passwords, data.password, data.login) if data.password else None

    async def verb(tx: Tx) -> AgentShape:
        _ensure_may_grant(call.viewer, await _role(tx, data.role_id))
        new = NewAgent(
            login=data.login,
            name=data.name,
            role_id=data.role_id,
            email=data.email,
            password_hash=hashed,
            locale=data.locale,
            live_cap=data.live_cap,
            async_cap=data.async_cap,
        )
        made = await agents.create_agent(tx, new, call.now, call.actor)
        return agent_shape(await agents.agent(tx, made))

    return await call.write(verb, 201)


@patch("/agents/{agent_id:uuid}", guards=MANAGES)
async def edit_agent(agent_id: FromPath[UUID], data: JSONBody[AgentEdit], call: GivenCall) -> Response[AgentShape]:
    async with call.services.db.read() as tx:
        before = await agents.agent(tx, agent_id)
    hashed = await _hashed(call.services.passwords, data.password, before.login) if data.password else None

    async def verb(tx: Tx) -> AgentShape:
        await _edit(tx, call, before, data)
        if hashed:
            await agents.set_password(tx, agent_id, hashed, call.now, call.actor)
        if hashed or data.active is False:
            await close_all_sessions(tx, agent_id, call.now, call.actor)
        return agent_shape(await agents.agent(tx, agent_id))

    return await call.write(verb)


async def _edit(tx: Tx, call: Call, before: Agent, data: AgentEdit) -> None:
    # Whoever could change a mightier one's password or role would be as mighty.
    agents.ensure_may_grant(call.viewer, before.permissions, before.scope)
    if data.role_id is not UNSET:
        _ensure_may_grant(call.viewer, await _role(tx, data.role_id))
    fields = msgspec.structs.asdict(data)
    change = AgentChange(**{name: fields[name] for name in AgentChange.__struct_fields__})
    await agents.change_agent(tx, before.id, data.version, change, call.now, call.actor)


@put("/agents/{agent_id:uuid}/skills", guards=MANAGES)
async def put_agent_skills(
    agent_id: FromPath[UUID], data: JSONBody[AgentSkills], call: GivenCall
) -> Response[AgentShape]:
    async def verb(tx: Tx) -> AgentShape:
        levels = {each.skill_id: each.level for each in data.skills}
        await agents.set_skills(tx, agent_id, levels, call.now, call.actor)
        return agent_shape(await agents.agent(tx, agent_id))

    return await call.write(verb)


@put("/agents/{agent_id:uuid}/presence", guards=[permits(Permission.SUPERVISE)])
async def force_presence(
    agent_id: FromPath[UUID], data: JSONBody[ForcedPresence], call: GivenCall
) -> Response[PresenceShape]:
    """A supervisor may set the state of the agents in his scope."""

    async def verb(tx: Tx) -> PresenceShape:
        _ensure_in_scope(call.viewer, await agents.agent(tx, agent_id))
        said = await force_state(tx, agent_id, data.state, data.reason, by=call.actor, now=call.now)
        return presence_shape(said, call.now)

    return await call.write(verb)


@put("/me/password", status_code=204)
async def change_my_password(data: JSONBody[PasswordEdit], call: GivenCall) -> Response[None]:
    """Ends every session of the agent, this one too: whoever knew the old password is out."""
    async with call.services.db.read() as tx:
        me = await agents.agent(tx, call.viewer.agent_id)
        known = await agents.credentials(tx, me.login)
    if not await call.services.passwords.fits(data.old, known.password_hash if known else None):
        raise BadCredentials("the old password is wrong")
    hashed = await _hashed(call.services.passwords, data.new, me.login)

    async def verb(tx: Tx) -> None:
        await agents.set_password(tx, me.id, hashed, call.now, call.actor)
        await close_all_sessions(tx, me.id, call.now, call.actor)

    return await call.write(verb, 204)


async def _hashed(passwords: Passwords, password: str, login: str) -> str:
    weak = weakness(password, login)
    if weak:
        raise Invalid(weak, "password")
    return await passwords.hash(password)


async def _role(tx: Tx, role_id: UUID) -> Role:
    found = [role for role in await agents.roles(tx) if role.id == role_id]
    if not found:
        raise Invalid("no such role", "role_id")
    return found[0]


def _ensure_may_grant(viewer: Viewer, role: Role) -> None:
    agents.ensure_may_grant(viewer, role.permissions, role.scope)


def _ensure_in_scope(viewer: Viewer, of: Agent) -> None:
    if viewer.scope is agents.Scope.ALL or {team.id for team in of.teams} & set(viewer.team_ids):
        return
    raise Forbidden("not in your teams")
