"""A repeat of a write changes nothing and hears what the first was told."""

import asyncio

import httpx

from tests.web.house import House, sign_in
from yizhan.web.services import Services

SKILLS = "/api/v1/skills"


async def test_a_repeat_hears_the_first_answer(browser: httpx.AsyncClient, services: Services, house: House) -> None:
    await sign_in(browser, "admin")
    headers = {"idempotency-key": "one"}
    body = {"key": "vip", "name": "贵宾"}
    first = await browser.post(SKILLS, json=body, headers=headers)
    again = await browser.post(SKILLS, json=body, headers=headers)
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    async with services.db.read() as tx:
        assert await tx.fetchval("SELECT count(*) FROM skill") == 1
        answer = await tx.fetchval("SELECT answer FROM idempotency")
    assert "贵宾".encode() not in answer, "kept answers are sealed"


async def test_parallel_repeats_do_the_work_once(browser: httpx.AsyncClient, services: Services, house: House) -> None:
    await sign_in(browser, "admin")
    headers = {"idempotency-key": "two"}
    body = {"key": "vip", "name": "贵宾"}
    answers = await asyncio.gather(*(browser.post(SKILLS, json=body, headers=headers) for _ in range(6)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1


async def test_the_same_key_with_another_request_is_refused(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "admin")
    headers = {"idempotency-key": "three"}
    await browser.post(SKILLS, json={"key": "vip", "name": "贵宾"}, headers=headers)
    for path, name in ((SKILLS, "别的"), ("/api/v1/brands", "贵宾")):
        other = await browser.post(path, json={"key": "vip", "name": name}, headers=headers)
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_failed_write_leaves_the_key_free(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "admin")
    headers = {"idempotency-key": "four"}
    body = {"key": "vip", "name": "贵宾"}
    await browser.post(SKILLS, json=body)
    assert (await browser.post(SKILLS, json=body, headers=headers)).status_code == 409
    other = {"key": "vip2", "name": "贵宾"}
    assert (await browser.post(SKILLS, json=other, headers=headers)).status_code == 201


async def test_keys_of_two_agents_are_two_keys(browser: httpx.AsyncClient, house: House) -> None:
    headers = {"idempotency-key": "five"}
    await sign_in(browser, "lin")
    await browser.put("/api/v1/me/presence", json={"state": "online"}, headers=headers)
    await sign_in(browser, "su")
    said = await browser.put("/api/v1/me/presence", json={"state": "online"}, headers=headers)
    assert "idempotency-replayed" not in said.headers


async def test_an_answer_without_content_is_repeated_too(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "admin")
    token = (await browser.post("/api/v1/tokens", json={"name": "x", "scopes": ["audit.read"]})).json()["token"]["id"]
    headers = {"idempotency-key": "six"}
    for _ in range(2):
        answer = await browser.delete(f"/api/v1/tokens/{token}", headers=headers)
        assert (answer.status_code, answer.content) == (204, b"")
