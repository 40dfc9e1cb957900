"""Every route of the API description is shut to strangers, and to those without its permission."""

import dataclasses
import re
from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import msgspec
import pytest

from tests.web.built import app_of
from tests.web.house import House, sign_in
from yizhan.web.limits import per_minute
from yizhan.web.services import Services

PUBLIC = {
    ("get", "/healthz"),
    ("get", "/readyz"),
    ("post", "/api/v1/auth/login"),
    ("post", "/api/v1/auth/demo"),
    ("get", "/api/v1/auth/demo"),
    ("post", "/api/v1/auth/logout"),
}
"""Whoever adds a line here opens a door to the street."""

FOR_EVERYBODY = {
    ("get", "/api/v1/auth/me"),
    ("post", "/api/v1/auth/logout-everywhere"),
    ("put", "/api/v1/me/presence"),
    ("put", "/api/v1/me/password"),
    ("get", "/api/v1/reference"),
    ("get", "/api/v1/notices"), ("post", "/api/v1/notices/read"),
    ("get", "/api/v1/notices/mutes"), ("put", "/api/v1/notices/mutes"),
    ("get", "/api/v1/notices/quiet"), ("put", "/api/v1/notices/quiet"),
    ("get", "/api/v1/guide"), ("put", "/api/v1/guide"),
    ("get", "/api/v1/look"), ("get", "/api/v1/look/shades"),  # everybody wears it
    ("get", "/api/v1/notices/calls"), ("post", "/api/v1/notices/{notice_id}/acknowledge"),
    ("get", "/api/v1/calendars/countries"), ("post", "/api/v1/calendars/ahead"),  # nothing of the house is in them
}
"""Whoever is signed in may, whatever the role."""

OF_NO_CONCERN = re.compile(r"^/(widget|v1|hooks|app|demo)/|^/(widget\.js)?$")
"""Answers to customers and browsers, tested where they live."""


@pytest.fixture
async def browser(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    """One that asks at every door, more often than anybody may."""
    unlimited = msgspec.structs.replace(services.settings, limits=per_minute(0))
    transport = httpx.ASGITransport(app_of(dataclasses.replace(services, settings=unlimited)))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
        yield client


async def described(browser: httpx.AsyncClient) -> list[tuple[str, str]]:
    """Method and path as described."""
    paths = (await browser.get("/api/openapi.json")).json()["paths"]
    routes = [(method, path) for path, item in paths.items() for method in item if method != "parameters"]
    return [(method, path) for method, path in routes if not OF_NO_CONCERN.search(path)]


def filled(path: str) -> str:
    """Any values of the right form."""
    return re.sub(r"\{[^}]+\}", str(UUID(int=1)), re.sub(r"\{(number|place)\}", "1", path))


async def test_strangers_get_401_everywhere_but_at_the_named_doors(browser: httpx.AsyncClient, house: House) -> None:
    routes = await described(browser)
    assert len(routes) > 20
    open_doors = set()
    for method, path in routes:
        answer = await browser.request(method, filled(path), json={})
        if answer.status_code != 401 or answer.json()["code"] != "not_signed_in":
            open_doors.add((method, path))
    assert open_doors == PUBLIC


async def test_a_made_up_cookie_or_token_is_a_stranger(browser: httpx.AsyncClient, house: House) -> None:
    for headers in ({"cookie": "yizhan_session=made-up"}, {"authorization": "Bearer yzt_made-up"}):
        for method, path in await described(browser):
            if (method, path) not in PUBLIC:
                assert (await browser.request(method, filled(path), headers=headers)).status_code == 401, path


async def test_signed_in_without_permissions_gets_403(
    browser: httpx.AsyncClient, services: Services, house: House
) -> None:
    async with services.db.transaction() as tx:
        await tx.execute("UPDATE role SET permissions = '{}', scope = 'own' WHERE key = 'agent'")
    await sign_in(browser, "lin")
    allowed = set()
    for method, path in await described(browser):
        if (method, path) in PUBLIC | {("post", "/api/v1/auth/logout-everywhere")}:
            continue
        answer = await browser.request(method, filled(path), json={})
        if answer.status_code != 403:
            allowed.add((method, path))
    assert allowed == FOR_EVERYBODY - {("post", "/api/v1/auth/logout-everywhere")}


async def test_every_write_of_a_browser_needs_its_csrf_token(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "admin")
    del browser.headers["x-csrf-token"]
    for method, path in await described(browser):
        if method == "get" or (method, path) in PUBLIC:
            continue
        answer = await browser.request(method, filled(path), json={})
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf"), path


async def test_the_description_is_openapi_3_1_and_names_problems(browser: httpx.AsyncClient, house: House) -> None:
    schema = (await browser.get("/api/openapi.json")).json()
    assert schema["openapi"].startswith("3.1")
    two_of_one_name = [name for name in schema["components"]["schemas"] if "_" in name]
    assert not two_of_one_name, "structs of equal names rename each other's types in every client"
    for path, item in schema["paths"].items():
        for operation in item.values():
            assert "400" not in operation["responses"], path
            assert "application/problem+json" in operation["responses"]["default"]["content"], path
    operations = [operation["operationId"] for item in schema["paths"].values() for operation in item.values()]
    assert len(operations) == len(set(operations))
    assert {"type", "title", "status", "detail", "code"} <= set(schema["components"]["schemas"]["Problem"]["required"])


@pytest.mark.parametrize("method", ["get", "post"])
async def test_a_route_that_does_not_exist_is_a_problem_too(
    browser: httpx.AsyncClient, house: House, method: str
) -> None:
    answer = await browser.request(method, "/api/v1/nothing-here")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.headers["content-type"] == "application/problem+json"
