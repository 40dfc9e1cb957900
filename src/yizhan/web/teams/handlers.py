"""The routes of teams, skills and brands."""

from uuid import UUID

from litestar import Response, get, patch, post, put

from yizhan.foundation.db import Tx
from yizhan.records import agents
from yizhan.records.agents import Member, NewTeam, Permission, TeamChange
from yizhan.web.given import FromPath, GivenCall, GivenServices, JSONBody
from yizhan.web.guards import permits
from yizhan.web.teams.shapes import (
    NamedList,
    NamedShape,
    NewNamed,
    NewTeamShape,
    TeamEdit,
    TeamList,
    TeamMembers,
    TeamShape,
    team_shape,
)

MANAGES = [permits(Permission.AGENT_MANAGE)]


@get("/teams", guards=MANAGES)
async def list_teams(services: GivenServices) -> TeamList:
    async with services.db.read() as tx:
        return TeamList([team_shape(each) for each in await agents.teams(tx)])


@post("/teams", guards=MANAGES)
async def found_team(data: JSONBody[NewTeamShape], call: GivenCall) -> Response[TeamShape]:
    async def verb(tx: Tx) -> TeamShape:
        new = NewTeam(key=data.key, name=data.name, brand_id=data.brand_id)
        made = await agents.create_team(tx, new, call.now, call.actor)
        return team_shape(await agents.team(tx, made))

    return await call.write(verb, 201)


@patch("/teams/{team_id:uuid}", guards=MANAGES)
async def edit_team(team_id: FromPath[UUID], data: JSONBody[TeamEdit], call: GivenCall) -> Response[TeamShape]:
    async def verb(tx: Tx) -> TeamShape:
        change = TeamChange(name=data.name, brand_id=data.brand_id)
        await agents.change_team(tx, team_id, data.version, change, call.now, call.actor)
        return team_shape(await agents.team(tx, team_id))

    return await call.write(verb)


@put("/teams/{team_id:uuid}/members", guards=MANAGES)
async def put_team_members(
    team_id: FromPath[UUID], data: JSONBody[TeamMembers], call: GivenCall
) -> Response[TeamShape]:
    """Replaces all of them."""

    async def verb(tx: Tx) -> TeamShape:
        members = [Member(each.agent_id, each.lead) for each in data.members]
        await agents.set_members(tx, team_id, members, call.now, call.actor)
        return team_shape(await agents.team(tx, team_id))

    return await call.write(verb)


@get("/skills", guards=MANAGES)
async def list_skills(services: GivenServices) -> NamedList:
    async with services.db.read() as tx:
        return NamedList([NamedShape(each.id, each.key, each.name) for each in await agents.skills(tx)])


@post("/skills", guards=MANAGES)
async def found_skill(data: JSONBody[NewNamed], call: GivenCall) -> Response[NamedShape]:
    async def verb(tx: Tx) -> NamedShape:
        made = await agents.create_skill(tx, data.key, data.name, call.now, call.actor)
        return NamedShape(made, data.key, data.name)

    return await call.write(verb, 201)


@get("/brands", guards=MANAGES)
async def list_brands(services: GivenServices) -> NamedList:
    async with services.db.read() as tx:
        return NamedList([NamedShape(each.id, each.key, each.name) for each in await agents.brands(tx)])


@post("/brands", guards=MANAGES)
async def found_brand(data: JSONBody[NewNamed], call: GivenCall) -> Response[NamedShape]:
    async def verb(tx: Tx) -> NamedShape:
        made = await agents.create_brand(tx, data.key, data.name, call.now, call.actor)
        return NamedShape(made, data.key, data.name)

    return await call.write(verb, 201)
