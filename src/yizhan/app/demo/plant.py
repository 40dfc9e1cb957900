"""Plants the demo once: people who serve, inboxes, and the first customers."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from yizhan.foundation.db import Tx
from yizhan.records import agents, inboxes
from yizhan.records.agents import Member, NewAgent, NewTeam
from yizhan.records.inboxes import Channel, NewInbox

if TYPE_CHECKING:
    from yizhan.app.house import House

DEMO_LOGINS = ("linyi", "sujin", "zhuguan", "admin")
_BY = "system"
_PEOPLE = (
    ("linyi", "林一", "agent", ("after",)),
    ("gaoyuan", "高远", "agent", ("after", "presale")),
    ("sujin", "苏瑾", "lead", ("after",)),
    ("zhuguan", "周主管", "supervisor", ("after", "presale", "complaint")),
    ("admin", "管理员", "admin", ()),
)
_TEAMS = (("presale", "售前"), ("after", "售后 L1"), ("after2", "售后 L2"), ("complaint", "投诉专席"))
_BRANDS = (("home", "家电"), ("textile", "家纺"), ("digital", "小电子"))
_SKILLS = (("consult", "咨询"), ("aftersale", "售后"), ("refund", "退款"), ("complaint", "投诉"))


async def plant_demo(house: House) -> None:
    """Only into an empty house: a second start finds what the first one left."""
    async with house.db.transaction() as tx:
        if await agents.agents(tx):
            return
        await _plant(tx, house)
    await house.intake.load_inboxes()


async def _plant(tx: Tx, house: House) -> None:
    now = house.clock.now()
    await agents.ensure_roles(tx, now)
    brands = {key: await agents.create_brand(tx, key, name, now, _BY) for key, name in _BRANDS}
    teams = {key: await agents.create_team(tx, NewTeam(key=key, name=name), now, _BY) for key, name in _TEAMS}
    skills = {key: await agents.create_skill(tx, key, name, now, _BY) for key, name in _SKILLS}
    roles = {role.key: role.id for role in await agents.roles(tx)}
    members: dict[str, list[Member]] = {key: [] for key in teams}
    for login, name, role, of in _PEOPLE:
        who = await agents.create_agent(tx, NewAgent(login=login, name=name, role_id=roles[role]), now, _BY)
        await agents.set_skills(tx, who, dict.fromkeys(skills.values(), 3), now, _BY)
        for team in of:
            members[team].append(Member(who, role in ("lead", "supervisor")))
    for team, held in members.items():
        await agents.set_members(tx, teams[team], held, now, _BY)
    await _inboxes(tx, house, brands["home"], teams["after"])


async def _inboxes(tx: Tx, house: House, brand: UUID, team: UUID) -> None:
    now = house.clock.now()
    chat = NewInbox(channel=Channel.WEBCHAT, name="山雀生活官网", brand_id=brand, team_id=team, key="shop")
    await inboxes.create_inbox(tx, house.vault, chat, now, _BY)


