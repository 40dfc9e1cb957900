"""API tokens: narrower than their agent, shown once, gone when withdrawn, expired or the agent retired."""

from datetime import timedelta

import httpx

from tests.web.house import House, sign_in
from yizhan.foundation.clock import FakeClock
from yizhan.web.services import Services

TOKENS = "/api/v1/tokens"


async def issued(browser: httpx.AsyncClient, **more: object) -> tuple[str, dict[str, str]]:
    answer = await browser.post(TOKENS, json={"name": "报表", "scopes": ["agent.manage"], **more})
    assert answer.status_code == 201, answer.text
    browser.cookies.clear()
    return answer.json()["token"]["id"], {"authorization": f"Bearer {answer.json()['secret']}"}


async def test_a_token_does_what_its_scopes_say_without_a_csrf_token(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "admin")
    _, bearer = await issued(browser)
    del browser.headers["x-csrf-token"]
    assert (await browser.get("/api/v1/agents", headers=bearer)).status_code == 200
    made = await browser.post("/api/v1/skills", json={"key": "vip", "name": "贵宾"}, headers=bearer)
    assert made.status_code == 201
    assert (await browser.get("/api/v1/inboxes", headers=bearer)).status_code == 403
    me = (await browser.get("/api/v1/auth/me", headers=bearer)).json()
    assert (me["agent"]["permissions"], me["csrf"]) == (["agent.manage"], "")


async def test_a_token_makes_no_tokens_and_no_more_than_its_maker_holds(
    browser: httpx.AsyncClient, services: Services, house: House
) -> None:
    await sign_in(browser, "admin")
    _, bearer = await issued(browser, scopes=["api.token"])
    again = await browser.post(TOKENS, json={"name": "x", "scopes": ["api.token"]}, headers=bearer)
    assert again.status_code == 403
    async with services.db.transaction() as tx:
        await tx.execute("UPDATE role SET permissions = permissions || '{api.token}'::text[] WHERE key = 'lead'")
    await sign_in(browser, "su")
    beyond = await browser.post(TOKENS, json={"name": "x", "scopes": ["audit.read"]})
    assert beyond.status_code == 403


async def test_a_token_ends(browser: httpx.AsyncClient, house: House, clock: FakeClock) -> None:
    await sign_in(browser, "admin")
    past = (clock.now() - timedelta(hours=1)).isoformat()
    refused = await browser.post(TOKENS, json={"name": "x", "scopes": ["agent.manage"], "expires_at": past})
    assert (refused.status_code, refused.json()["field"]) == (422, "expires_at")
    soon = (clock.now() + timedelta(hours=1)).isoformat()
    _, bearer = await issued(browser, expires_at=soon)
    assert (await browser.get("/api/v1/agents", headers=bearer)).status_code == 200
    clock.advance(timedelta(hours=1))
    assert (await browser.get("/api/v1/agents", headers=bearer)).status_code == 401


async def test_a_withdrawn_token_is_refused_and_still_listed(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "admin")
    token_id, bearer = await issued(browser)
    await sign_in(browser, "admin")
    assert (await browser.delete(f"{TOKENS}/{token_id}")).status_code == 204
    assert (await browser.delete(f"{TOKENS}/{token_id}")).status_code == 404
    [listed] = (await browser.get(TOKENS)).json()["items"]
    assert listed["revoked_at"] is not None
    assert "secret" not in listed
    browser.cookies.clear()
    assert (await browser.get("/api/v1/agents", headers=bearer)).status_code == 401


async def test_a_token_dies_with_its_agent(browser: httpx.AsyncClient, services: Services, house: House) -> None:
    await sign_in(browser, "admin")
    _, bearer = await issued(browser)
    async with services.db.transaction() as tx:
        await tx.execute("UPDATE agent SET active = false WHERE login = 'admin'")
    assert (await browser.get("/api/v1/agents", headers=bearer)).status_code == 401
