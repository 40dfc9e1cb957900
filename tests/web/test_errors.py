"""Whatever goes wrong, the answer is a problem document and says nothing of our insides."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx
import pytest

from tests.web.house import House, sign_in
from yizhan.foundation.db import DataError, InterfaceError, InternalClientError
from yizhan.foundation.errors import Conflict, Forbidden
from yizhan.web.errors import domain_problem
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


async def test_a_database_that_is_closed_is_away_for_now(
    browser: httpx.AsyncClient, services: Services, house: House
) -> None:
    await sign_in(browser, "admin")
    await services.db.close()
    answer = await browser.get(SKILLS)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["retry-after"] == "1"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InternalClientError("got result for unknown protocol state 3"), 503),
        (InterfaceError("cannot perform operation: connection is closed"), 503),
        (InterfaceError("cannot perform operation: another operation is in progress"), 500),
        (DataError("invalid input for query argument $1"), 422),
    ],
)
async def test_what_the_driver_says_when_its_line_is_cut_will_pass(
    browser: httpx.AsyncClient, services: Services, house: House, error: Exception, status: int
) -> None:
    await sign_in(browser, "admin")
    pool, services.db.pool = services.db.pool, cast(Any, CutPool(error))
    try:
        answer = await browser.get(SKILLS)
    finally:
        services.db.pool = pool
    assert answer.status_code == status


class CutPool:
    """Whose connections are cut as they are taken."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[None]:
        raise self._error
        yield


async def test_a_refusal_with_numbers_in_it_is_said_in_chinese_too() -> None:
    told = domain_problem(Conflict("sub-tasks are open: #208001, #208002"))
    assert (told.code, told.zh) == ("conflict", "子任务 #208001、#208002 还没有完成")
    assert domain_problem(Forbidden("nobody said this")).zh is None
