"""Whatever is sent to whatever route: never a fault of ours."""

from typing import Any

import httpx
import pytest

from tests.web.house import House, sign_in
from tests.web.test_doors import described, filled

DEEP = b"[" * 200_000
NUL = "a\x00b"
HUGE = 10**30


def values(schema: dict[str, Any], shapes: dict[str, Any], rubbish: object, depth: int = 0) -> object:
    """A body of the described form with rubbish in every leaf."""
    while "$ref" in schema:
        schema = shapes[schema["$ref"].rsplit("/", 1)[-1]]
    for choice in ("oneOf", "anyOf"):
        if choice in schema:
            schema = next((each for each in schema[choice] if each.get("type") != "null"), schema[choice][0])
            return values(schema, shapes, rubbish, depth)
    if schema.get("type") == "object" and depth < 5:
        inner = {name: values(part, shapes, rubbish, depth + 1) for name, part in schema.get("properties", {}).items()}
        return inner or {NUL if rubbish == NUL else "x": rubbish}
    if schema.get("type") == "array" and depth < 5:
        return [values(schema.get("items", {}), shapes, rubbish, depth + 1)]
    if isinstance(rubbish, str) and schema.get("type") == "string" and "enum" in schema:
        return schema["enum"][0]
    if isinstance(rubbish, str) and schema.get("format") == "uuid":
        return "00000000-0000-0000-0000-000000000001"
    if isinstance(rubbish, str) and schema.get("type") in ("integer", "number"):
        return 1
    if isinstance(rubbish, str) and schema.get("type") == "boolean":
        return True
    if isinstance(rubbish, int) and schema.get("type") == "string":
        return schema["enum"][0] if "enum" in schema else "00000000-0000-0000-0000-000000000001"
    return rubbish


@pytest.mark.parametrize("rubbish", [NUL, "🐦" * 50, HUGE, -1, None, [[]], {}])
async def test_rubbish_of_the_right_form_is_refused_or_taken(
    browser: httpx.AsyncClient, house: House, rubbish: object
) -> None:
    await sign_in(browser, "admin")
    schema = (await browser.get("/api/openapi.json")).json()
    shapes = schema["components"]["schemas"]
    faults = []
    for method, path in await described(browser):
        operation = schema["paths"][path][method]
        if "requestBody" not in operation or "logout" in path:
            continue
        [(_, content), *_] = operation["requestBody"]["content"].items()
        body = values(content["schema"], shapes, rubbish)
        answer = await browser.request(method, filled(path), json=body)
        if answer.status_code >= 500:
            faults.append(f"{method} {path}: {answer.text}")
    assert not faults


@pytest.mark.parametrize("rubbish", ["%00", "-1", "9" * 30, "%ff", "x" * 5000, ""])
async def test_rubbish_in_every_parameter(browser: httpx.AsyncClient, house: House, rubbish: str) -> None:
    await sign_in(browser, "admin")
    schema = (await browser.get("/api/openapi.json")).json()
    faults = []
    for method, path in await described(browser):
        for parameter in schema["paths"][path][method].get("parameters", []):
            if parameter["in"] == "query":
                url = f"{filled(path)}?{parameter['name']}={rubbish}"
            else:
                url = filled(path.replace(f"{{{parameter['name']}}}", rubbish))
            answer = await browser.request(method, url)
            if answer.status_code >= 500:
                faults.append(f"{method} {url[:200]}: {answer.text}")
    assert not faults


async def test_bodies_that_are_no_documents(browser: httpx.AsyncClient, house: House) -> None:
    await sign_in(browser, "admin")
    for content in (DEEP, b'{"a":' * 100_000, b"\xff\xfe", b'"\\ud800abc"', b"NaN", b"1e999", b'{"a":1,"a":2}'):
        for path in ("/api/v1/skills", "/api/v1/inboxes", "/api/v1/inboxes/test"):
            answer = await browser.post(path, content=content, headers={"content-type": "application/json"})
            assert answer.status_code in (400, 422), (path, content[:20], answer.text)
