"""A small house for tests of the web: one brand, two teams, an admin, a lead and two agents."""

from uuid import UUID

import httpx
import msgspec

from yizhan.foundation.db import Tx
from yizhan.records import agents
from yizhan.records.agents import Member, NewAgent, NewTeam
from yizhan.web.services import Services

PASSWORD = "山雀-生活-驿站-2026"


class House(msgspec.Struct, frozen=True):
    brand: UUID
    sales: UUID
    care: UUID
    roles: dict[str, UUID]
    people: dict[str, UUID]


async def found_house(services: Services) -> House:
    now = services.clock.now()
    async with services.db.transaction() as tx:
        await agents.ensure_roles(tx, now)
        roles = {role.key: role.id for role in await agents.roles(tx)}
        brand = await agents.create_brand(tx, "home", "山雀家电", now, "system")
        sales = await agents.create_team(tx, NewTeam(key="sales", name="售前", brand_id=brand), now, "system")
        care = await agents.create_team(tx, NewTeam(key="care", name="售后", brand_id=brand), now, "system")
        hashed = await services.passwords.hash(PASSWORD)
        people = {
            "admin": await _hire(tx, services, "admin", "管理员", roles["admin"], hashed),
            "su": await _hire(tx, services, "su", "苏瑾", roles["lead"], hashed),
            "lin": await _hire(tx, services, "lin", "林一", roles["agent"], hashed),
            "gao": await _hire(tx, services, "gao", "高远", roles["agent"], hashed),
        }
        members = [Member(people["su"], True), Member(people["lin"], False)]
        await agents.set_members(tx, care, members, now, "system")
    return House(brand, sales, care, roles, people)


async def _hire(tx: Tx, services: Services, login: str, name: str, role: UUID, hashed: str) -> UUID:
    new = NewAgent(login=login, name=name, role_id=role, password_hash=hashed)
    return await agents.create_agent(tx, new, services.clock.now(), "system")


async def sign_in(browser: httpx.AsyncClient, login: str, password: str = PASSWORD) -> httpx.Response:
    """Leaves the cookie and the CSRF token in the browser when it succeeds."""
    answer = await browser.post("/api/v1/auth/login", json={"login": login, "password": password})
    if answer.status_code == 200:
        browser.headers["x-csrf-token"] = answer.json()["csrf"]
    return answer
