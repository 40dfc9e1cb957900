"""Whatever goes wrong, the answer is a problem document and says nothing of our insides."""

import httpx
import pytest

from tests.web.house import House, sign_in
from yizhan.web.services import Services

SKILLS = "/api/v1/skills"


@pytest.mark.parametrize(
    ("content", "status", "code", "field"),
    [
        (b"{bad", 400, "malformed", None),
        (b'{"key":"a"', 400, "malformed", None),
        (b'{"key":"\xff","name":"x"}', 400, "malformed", None),
        (b"", 400, "malformed", None),
        (b"[]", 422, "invalid", None),
        (b'{"key":"a"}', 422, "invalid", None),
        (b'{"key":"a","name":7}', 422, "invalid", "name"),
        (b'{"key":"a","name":""}', 422, "invalid", "name"),
        (b'{"key":"a","name":"   "}', 422, "invalid", "name"),
        (b'{"key":"A B","name":"x"}', 422, "invalid", "key"),
        (b'{"key":"a","name":"x\\u0000y"}', 422, "invalid", "name"),
        (b'{"key":"a","name":"x","more":1}', 422, "invalid", None),
    ],
)
async def test_wrong_bodies_are_told_apart(
    browser: httpx.AsyncClient, house: House, content: bytes, status: int, code: str, field: str | None
) -> None:
    await sign_in(browser, "admin")
    answer = await browser.post(SKILLS, content=content, headers={"content-type": "application/json"})
    told = answer.json()
    assert (answer.status_code, told["code"]) == (status, code), told
    assert answer.headers["content-type"] == "application/problem+json"
    assert told["type"] == f"urn:yizhan:problem:{code}"
    if field:
        assert told["field"] == field


async def test_wrong_paths_and_methods(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "admin")
    assert (await browser.get("/api/v1/inboxes/not-an-id")).json()["code"] == "not_found"
    assert (await browser.delete(SKILLS)).json()["code"] == "method_not_allowed"
    ghost = await browser.get(f"/api/v1/inboxes/{house.brand}")
    assert (ghost.status_code, ghost.json()["code"]) == (404, "not_found")


async def test_a_fault_says_only_that_it_happened(browser: httpx.AsyncClient, services: Services, house: House) -> None:
    await sign_in(browser, "admin")
    async with services.db.transaction() as tx:
        await tx.execute("ALTER TABLE skill RENAME COLUMN name TO gone")
    answer = await browser.get(SKILLS)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "gone" not in answer.text
    assert "column" not in answer.text


async def test_every_answer_carries_safe_headers(browser: httpx.AsyncClient, house: House) -> None:
    for path in ("/healthz", "/api/v1/auth/me", "/api/openapi.json", "/nothing"):
        headers = (await browser.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "strict-transport-security" not in headers
    assert (await browser.get("/api/v1/auth/me")).headers["cache-control"] == "no-store"


async def test_health_tells_life_from_readiness(browser: httpx.AsyncClient, services: Services) -> None:
    assert (await browser.get("/healthz")).json()["status"] == "ok"
    assert (await browser.get("/readyz")).status_code == 200
    await services.db.close()
    assert (await browser.get("/healthz")).status_code == 200
    assert (await browser.get("/readyz")).status_code == 503
