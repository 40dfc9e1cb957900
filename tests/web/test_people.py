"""Administrators keep agents, teams and skills; nobody rises by it."""

import httpx

from tests.web.house import PASSWORD, House, sign_in
from yizhan.records import agents, contacts
from yizhan.records.contacts import IdentityKind, IdentityKinds
from yizhan.web.services import Services

AGENTS = "/api/v1/agents"


async def test_a_new_colleague_can_sign_in_and_serve(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "admin")
    made = await browser.post(
        AGENTS,
        json={
            "login": "Chen",
            "name": "陈七",
            "role_id": str(house.roles["agent"]),
            "password": PASSWORD,
            "live_cap": 3,
        },
    )
    assert made.status_code == 201
    chen = made.json()
    assert (chen["login"], chen["live_cap"], chen["presence"], chen["version"]) == ("chen", 3, "offline", 1)
    joined = await browser.put(
        f"/api/v1/teams/{house.sales}/members", json={"members": [{"agent_id": chen["id"], "lead": True}]}
    )
    assert joined.json()["members"] == [{"agent_id": chen["id"], "lead": True}]
    skill = (await browser.post("/api/v1/skills", json={"key": "refund", "name": "退款"})).json()
    skilled = await browser.put(
        f"{AGENTS}/{chen['id']}/skills", json={"skills": [{"skill_id": skill["id"], "level": 4}]}
    )
    assert skilled.json()["skills"] == [{"skill_id": skill["id"], "level": 4}]
    assert skilled.json()["teams"] == [{"id": str(house.sales), "name": "售前", "lead": True}]
    assert (await sign_in(browser, "chen")).status_code == 200


async def test_changes_need_the_version_that_was_read(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "admin")
    lin = next(each for each in (await browser.get(AGENTS)).json()["items"] if each["login"] == "lin")
    path = f"{AGENTS}/{lin['id']}"
    changed = await browser.patch(path, json={"version": lin["version"], "name": "林一一", "email": "lin@desk.test"})
    assert changed.json()["name"] == "林一一"
    assert changed.json()["version"] == lin["version"] + 1
    stale = await browser.patch(path, json={"version": lin["version"], "name": "别人"})
    assert (stale.status_code, stale.json()["code"]) == (409, "conflict")
    cleared = await browser.patch(path, json={"version": lin["version"] + 1, "email": None})
    assert cleared.json()["email"] is None
    assert cleared.json()["name"] == "林一一"


async def test_a_new_password_and_retirement_end_the_sessions(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "gao")
    gao_cookie = browser.cookies["yizhan_session"]
    browser.cookies.clear()
    await sign_in(browser, "admin")
    admin_cookie = browser.cookies["yizhan_session"]
    weak = await browser.patch(f"{AGENTS}/{house.people['gao']}", json={"version": 1, "password": "gao"})
    assert (weak.status_code, weak.json()["field"]) == (422, "password")
    reset = await browser.patch(
        f"{AGENTS}/{house.people['gao']}", json={"version": 1, "password": "quite-another-one-9"}
    )
    assert reset.status_code == 200
    browser.cookies.set("yizhan_session", gao_cookie, domain="desk.test", path="/")
    assert (await browser.get("/api/v1/auth/me")).status_code == 401
    assert (await sign_in(browser, "gao")).status_code == 401
    assert (await sign_in(browser, "gao", "quite-another-one-9")).status_code == 200
    assert admin_cookie


async def test_an_agent_changes_its_own_password_knowing_the_old_one(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "lin")
    path, new = "/api/v1/me/password", "quite-another-one-9"
    assert (await browser.put(path, json={"old": "wrong-wrong", "new": new})).status_code == 401
    assert (await browser.put(path, json={"old": PASSWORD, "new": "lin-lin-lin-lin"})).status_code == 422
    assert (await browser.put(path, json={"old": PASSWORD, "new": new})).status_code == 204
    assert (await browser.get("/api/v1/auth/me")).status_code == 401
    assert (await sign_in(browser, "lin", new)).status_code == 200


async def test_nobody_grants_more_than_he_holds(browser: httpx.AsyncClient, services: Services, house: House) -> None:
    async with services.db.transaction() as tx:
        await tx.execute("UPDATE role SET permissions = permissions || '{agent.manage}'::text[] WHERE key = 'lead'")
    await sign_in(browser, "su")
    admin_role = str(house.roles["admin"])
    for refused in (
        await browser.post(AGENTS, json={"login": "me2", "name": "我", "role_id": admin_role}),
        await browser.patch(f"{AGENTS}/{house.people['su']}", json={"version": 2, "role_id": admin_role}),
        await browser.patch(f"{AGENTS}/{house.people['admin']}", json={"version": 1, "password": "mine-now-12345"}),
    ):
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


async def test_the_last_administrator_stays(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "admin")
    path = f"{AGENTS}/{house.people['admin']}"
    for change in ({"active": False}, {"role_id": str(house.roles["agent"])}):
        assert (await browser.patch(path, json={"version": 1, **change})).status_code == 409
    assert (await browser.patch(path, json={"version": 1, "name": "大管家"})).status_code == 200


async def test_a_taken_login_and_an_unknown_role_are_said_so(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "admin")
    taken = await browser.post(AGENTS, json={"login": "LIN", "name": "林", "role_id": str(house.roles["agent"])})
    assert taken.status_code == 409
    nowhere = await browser.post(AGENTS, json={"login": "wu", "name": "吴", "role_id": str(house.brand)})
    assert (nowhere.status_code, nowhere.json()["field"]) == (422, "role_id")
    ghost = await browser.put(
        f"/api/v1/teams/{house.sales}/members", json={"members": [{"agent_id": str(house.brand)}]}
    )
    assert (ghost.status_code, ghost.json()["field"]) == (422, "members")


async def test_a_supervisor_sets_the_state_of_his_own_people_with_a_reason(
    browser: httpx.AsyncClient, house: House
) -> None:
    await sign_in(browser, "su")
    said = await browser.put(f"{AGENTS}/{house.people['lin']}/presence", json={"state": "busy", "reason": "请去午餐"})
    assert said.json()["state"] == "busy"
    other = await browser.put(f"{AGENTS}/{house.people['gao']}/presence", json={"state": "busy", "reason": "请去午餐"})
    assert other.status_code == 403, "not of his team"
    silent = await browser.put(f"{AGENTS}/{house.people['lin']}/presence", json={"state": "busy", "reason": ""})
    assert silent.status_code == 422


async def test_an_agent_cannot_claim_a_call(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "lin")
    refused = await browser.put("/api/v1/me/presence", json={"state": "call"})
    assert (refused.status_code, refused.json()["code"]) == (409, "illegal_transition")


async def test_reference_is_what_pickers_need_and_no_more(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "lin")
    answer = (await browser.get("/api/v1/reference")).json()
    assert {each["name"] for each in answer["teams"]} == {"售前", "售后"}
    lin = next(each for each in answer["agents"] if each["name"] == "林一")
    assert lin == {
        "id": str(house.people["lin"]),
        "name": "林一",
        "presence": "offline",
        "live": 0,
        "live_cap": 5,
        "team_ids": [str(house.care)],
    }
    assert answer["types"][0]["key"] == "consult"
    assert answer["identifiers"] == [], "what everybody has is known to the page"
    own = IdentityKind(key="loyalty", zh="会员卡", en="Loyalty card")
    try:
        contacts.use(IdentityKinds(kinds=(*contacts.SHIPPED.kinds, own)))
        named = (await browser.get("/api/v1/reference")).json()["identifiers"]
    finally:
        contacts.use(None)
    assert named == [{"key": "loyalty", "zh": "会员卡", "en": "Loyalty card"}]


async def test_reading_everybody_takes_the_same_queries_however_many(
    browser: httpx.AsyncClient, services: Services, house: House
) -> None:
    async def cost() -> int:
        seen: list[str] = []
        async with services.db.read() as tx:
            with tx.query_logger(lambda query: seen.append(query.query)):
                await agents.agents(tx)
                await agents.teams(tx)
        return len(seen)

    async def hire(count: int) -> None:
        async with services.db.transaction() as tx:
            for number in range(count):
                new = agents.NewAgent(login=f"a{number}", name=f"客服 {number}", role_id=house.roles["agent"])
                made = await agents.create_agent(tx, new, services.clock.now(), "system")
                await tx.execute("INSERT INTO team_member (team_id, agent_id) VALUES ($1, $2)", house.sales, made)

    before = await cost()
    await hire(30)
    assert await cost() == before == 2


async def test_events_carry_ids_only(browser: httpx.AsyncClient, services: Services, house: House) -> None:
    await sign_in(browser, "admin")
    await browser.post(AGENTS, json={"login": "secretlogin", "name": "机密姓名", "role_id": str(house.roles["agent"])})
    async with services.db.read() as tx:
        rows = await tx.fetch("SELECT kind, actor, data::text AS data FROM event_new ORDER BY seq")
    assert rows[-1]["kind"] == "agent.created"
    assert rows[-1]["actor"] == f"agent:{house.people['admin']}"
    assert not any("机密" in row["data"] or "secretlogin" in row["data"] for row in rows)
