"""Signing in, staying in, being locked out, leaving."""

from datetime import timedelta

import httpx

from tests.web.house import PASSWORD, House, sign_in
from yizhan.foundation.clock import FakeClock
from yizhan.web.services import Services


async def test_an_agent_signs_in_and_is_off_duty_until_it_says_otherwise(
    browser: httpx.AsyncClient, house: House
) -> None:
    answer = await sign_in(browser, "LIN ")
    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    me = (await browser.get("/api/v1/auth/me")).json()
    assert me["agent"]["name"] == "林一"
    assert me["agent"]["teams"] == [{"id": str(house.care), "name": "售后", "lead": False}]
    assert me["presence"]["state"] == "offline"
    assert me["load"] == {"live": 0, "async": 0}
    assert me["csrf"] == answer.json()["csrf"]
    assert "message.reply" in me["agent"]["permissions"]

    said = await browser.put("/api/v1/me/presence", json={"state": "online"})
    assert said.json()["state"] == "online"
    assert (await browser.get("/api/v1/auth/me")).json()["presence"]["state"] == "online"


async def test_a_wrong_password_and_an_unknown_name_read_the_same(browser: httpx.AsyncClient, house: House) -> None:
    wrong = await sign_in(browser, "lin", "nonsense-nonsense")
    unknown = await sign_in(browser, "nobody", "nonsense-nonsense")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.json()["code"] == "bad_credentials"
    assert wrong.headers["content-type"] == "application/problem+json"


async def test_five_failures_lock_and_each_lock_is_longer(
    browser: httpx.AsyncClient, house: House, clock: FakeClock
) -> None:
    for login in ("lin", "nobody"):
        for _ in range(5):
            assert (await sign_in(browser, login, "wrong-wrong-wrong")).status_code == 401
        locked = await sign_in(browser, login, PASSWORD)
        assert locked.status_code == 423
        assert locked.json()["code"] == "locked"
        assert locked.json()["retry_after"] == 900
        assert locked.headers["retry-after"] == "900"
    clock.advance(timedelta(minutes=15))
    for _ in range(5):
        assert (await sign_in(browser, "lin", "wrong-wrong-wrong")).status_code == 401
    assert (await sign_in(browser, "lin")).json()["retry_after"] == 1800
    clock.advance(timedelta(minutes=30))
    assert (await sign_in(browser, "lin")).status_code == 200
    assert (await sign_in(browser, "lin", "wrong-wrong-wrong")).status_code == 401, "the slate was wiped"
    assert (await sign_in(browser, "lin")).status_code == 200


async def test_every_log_in_gets_a_new_session_and_ends_the_one_before(
    browser: httpx.AsyncClient, house: House
) -> None:
    await sign_in(browser, "lin")
    first = browser.cookies["yizhan_session"]
    await sign_in(browser, "lin")
    assert browser.cookies["yizhan_session"] != first
    browser.cookies.clear()
    browser.cookies.set("yizhan_session", first)
    assert (await browser.get("/api/v1/auth/me")).status_code == 401


async def test_a_session_ends_idle_and_ends_at_last(browser: httpx.AsyncClient, house: House, clock: FakeClock) -> None:
    await sign_in(browser, "lin")
    for _ in range(15):
        clock.advance(timedelta(minutes=60))
        assert (await browser.get("/api/v1/auth/me")).status_code == 200
    clock.advance(timedelta(minutes=60))
    assert (await browser.get("/api/v1/auth/me")).status_code == 401, "sixteen hours are over"
    await sign_in(browser, "lin")
    clock.advance(timedelta(hours=2))
    assert (await browser.get("/api/v1/auth/me")).status_code == 401, "two hours idle"


async def test_a_write_needs_the_csrf_token_of_this_session(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "lin")
    for token in ("", "wrong"):
        refused = await browser.put("/api/v1/me/presence", json={"state": "online"}, headers={"x-csrf-token": token})
        assert refused.status_code == 403
        assert refused.json()["code"] == "csrf"
    assert (await browser.post("/api/v1/auth/logout", headers={"x-csrf-token": ""})).status_code == 403
    assert (await browser.put("/api/v1/me/presence", json={"state": "busy"})).status_code == 200


async def test_another_site_cannot_sign_its_victim_in(browser: httpx.AsyncClient, house: House) -> None:
    answer = await browser.post(
        "/api/v1/auth/login",
        json={"login": "lin", "password": PASSWORD},
        headers={"sec-fetch-site": "cross-site"},
    )
    assert answer.status_code == 403


async def test_leaving_ends_the_session_and_the_last_one_goes_off_duty(
    browser: httpx.AsyncClient, services: Services, house: House
) -> None:
    await sign_in(browser, "lin")
    await browser.put("/api/v1/me/presence", json={"state": "online"})
    kept = dict(browser.cookies)
    assert (await browser.post("/api/v1/auth/logout")).status_code == 204
    assert "yizhan_session" not in browser.cookies
    browser.cookies.update(kept)
    assert (await browser.get("/api/v1/auth/me")).status_code == 401
    async with services.db.read() as tx:
        assert await tx.fetchval("SELECT state FROM presence WHERE agent_id = $1", house.people["lin"]) == "offline"


async def test_leaving_everywhere_ends_every_window(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "lin")
    other = browser.cookies["yizhan_session"]
    browser.cookies.clear()
    await sign_in(browser, "lin")
    assert (await browser.post("/api/v1/auth/logout-everywhere")).status_code == 204
    assert (await browser.get("/api/v1/auth/me")).json()["code"] == "not_signed_in"
    browser.cookies.set("yizhan_session", other)
    assert (await browser.get("/api/v1/auth/me")).json()["code"] == "session_ended", "what that device keeps goes"


async def test_a_retired_agent_is_out_at_once(browser: httpx.AsyncClient, services: Services, house: House) -> None:
    await sign_in(browser, "gao")
    async with services.db.transaction() as tx:
        await tx.execute("UPDATE agent SET active = false WHERE id = $1", house.people["gao"])
    assert (await browser.get("/api/v1/auth/me")).status_code == 401
    assert (await sign_in(browser, "gao")).status_code == 401


async def test_without_demo_there_is_no_door_without_password(browser: httpx.AsyncClient, house: House) -> None:
    assert (await browser.get("/api/v1/auth/demo")).json() == {"enabled": False, "accounts": [], "visitor_url": None}
    assert (await browser.post("/api/v1/auth/demo", json={"login": "admin"})).status_code == 404


async def test_what_happens_at_the_door_is_in_the_journal(
    browser: httpx.AsyncClient, services: Services, house: House
) -> None:
    await sign_in(browser, "lin", "wrong-wrong-wrong")
    await sign_in(browser, "nobody", "wrong-wrong-wrong")
    await sign_in(browser, "lin")
    async with services.db.read() as tx:
        rows = await tx.fetch("SELECT kind, agent_id, data FROM event_new WHERE kind LIKE 'session.%' ORDER BY seq")
    lin = house.people["lin"]
    assert [(row["kind"], row["agent_id"]) for row in rows] == [
        ("session.refused", lin),
        ("session.refused", None),
        ("session.opened", lin),
    ]
    assert "nobody" not in str([row["data"] for row in rows])
