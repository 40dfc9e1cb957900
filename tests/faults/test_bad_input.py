"""Whatever is brought to the door of a running product: refused or stored, answered either way; the next is served."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.faults.site import KEY, SECRET, Site, furnish, new_site, settled
from yizhan.channels.generic import SIGNATURE, TIMESTAMP, sign
from yizhan.foundation.db import open_database, start_server

pytestmark = pytest.mark.slow

HOOK = f"/hooks/generic/{KEY}"
MEGABYTE = 1024 * 1024


def message(number: int, **more: Any) -> dict[str, Any]:
    return {"id": f"m{number}", "from": {"id": "c1"}, "text": "在吗", **more}


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    with new_site() as opened:
        await furnish(opened)
        opened.start()
        await opened.ready()
        yield opened


@pytest.fixture
async def client(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=site.url, timeout=30) as opened:
        yield opened


async def bring(client: httpx.AsyncClient, body: bytes, *, age: int = 0, **headers: str) -> httpx.Response:
    stamp = str(int(time.time()) - age)
    signed = {TIMESTAMP: stamp, SIGNATURE: sign(SECRET, stamp, body), **headers}
    return await client.post(HOOK, content=body, headers=signed)


WELL_SIGNED_RUBBISH = {
    "not JSON": b"{", "nothing": b"", "not UTF-8": b'{"id": "\xff\xfe"}', "a list": b"[]", "a number": b"1",
    "too deep": b"[" * 100_000, "no sender": b'{"id": "x", "text": "y"}',
    "a lone surrogate": b'{"id": "x", "from": {"id": "y"}, "text": "\\ud800"}',
    "nothing said": b'{"id": "x", "from": {"id": "y"}, "text": " "}',
    "too long": json.dumps(message(1, text="长" * 20_001)).encode(),
    "too many": json.dumps({"messages": [message(n) for n in range(101)]}).encode(),
    "numbers for words": b'{"id": 1, "from": {"id": 2}, "text": 3}',
    "not base64": json.dumps(message(1, attachments=[{"name": "x", "content_base64": "*"}])).encode(),
}  # fmt: skip
ODD_BUT_SAID = {
    "NUL": json.dumps(message(1, text="a\x00b", **{"from": {"id": "c\x00", "name": "\x00"}})).encode(),
    "all planes": json.dumps(message(2, text="🧨\U0010ffff\u202e﷽" * 2_000), ensure_ascii=False).encode(),
    "joined marks": json.dumps(message(3, text="e" + "\u0301" * 15_000)).encode(),
    "from the future": json.dumps(message(4, at="9999-12-31T23:59:59Z")).encode(),
    "from long ago": json.dumps(message(5, at="0001-01-01T00:00:00Z")).encode(),
    "odd names": json.dumps(message(6, order_no="\x00", conversation="\x00" * 50)).encode(),
}  # fmt: skip


async def test_the_door_stands_whatever_comes(site: Site, client: httpx.AsyncClient) -> None:
    for name, body in WELL_SIGNED_RUBBISH.items():
        answer = await bring(client, body)
        assert 400 <= answer.status_code < 500, (name, answer.status_code, answer.text)
        assert answer.headers["content-type"].startswith("application/problem+json"), name
    for name, body in ODD_BUT_SAID.items():
        answer = await bring(client, body)
        assert answer.status_code == 200, (name, answer.text)
    await unsigned(client)
    await oversized(client)
    await forbidden(client)
    taken = await asyncio.gather(*(bring(client, json.dumps(message(100)).encode()) for _ in range(5)))
    assert len({a.text for a in taken}) == 1
    await check(site, len(ODD_BUT_SAID) + 1)


async def unsigned(client: httpx.AsyncClient) -> None:
    body = json.dumps(message(50)).encode()
    stamp = str(int(time.time()))
    good = sign(SECRET, stamp, body)
    for headers in (
        {}, {TIMESTAMP: stamp}, {SIGNATURE: good}, {TIMESTAMP: stamp, SIGNATURE: good[:-1]},
        {TIMESTAMP: stamp + "0", SIGNATURE: good}, {TIMESTAMP: stamp, SIGNATURE: sign("other", stamp, body)},
        {TIMESTAMP: "0x10", SIGNATURE: sign(SECRET, "0x10", body)},
        {TIMESTAMP: "-1", SIGNATURE: sign(SECRET, "-1", body)},
    ):  # fmt: skip
        answer = await client.post(HOOK, content=body, headers=headers)
        assert answer.status_code == 403, (headers, answer.text)
    for age in (301, -301, 10**9):
        assert (await bring(client, body, age=age)).status_code == 403
    assert (
        await client.post(HOOK, content=body + b" ", headers={TIMESTAMP: stamp, SIGNATURE: good})
    ).status_code == 403
    assert (await client.post("/hooks/generic/other", content=body)).status_code in (403, 404)


async def oversized(client: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(80):
            yield b" " * MEGABYTE

    assert b" 413 " in await announced(client, 10**12)
    try:
        assert (await client.post(HOOK, content=endless())).status_code == 413
    except httpx.WriteError:
        return  # it closed the door before all was said


async def announced(client: httpx.AsyncClient, length: int) -> bytes:
    """The first line of the answer to a body that is only announced."""
    reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
    head = f"POST {HOOK} HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n\r\n{{"
    writer.write(head.encode())
    async with asyncio.timeout(20):
        line = await reader.readline()
    writer.close()
    return line


async def forbidden(client: httpx.AsyncClient) -> None:
    for path in ("/api/v1/tickets", "/api/v1/search?q=x", "/metrics", "/api/v1/audit"):
        answer = await client.get(path, headers={"cookie": "yizhan_session=" + "x" * 64})
        assert answer.status_code in (401, 404), (path, answer.text)


async def check(site: Site, stored: int) -> None:
    with start_server(site.data_dir) as server:
        db = await open_database(server.dsn)
        try:
            await settled(db)
            rows = await db.pool.fetch("SELECT external_id, kind, at > received_at AS later FROM message")
            assert len(rows) == stored == len({r["external_id"] for r in rows})
            assert not [r for r in rows if r["later"] or r["kind"] == "unsupported"]
            assert await db.pool.fetchval("SELECT count(*) FROM reader_hold") == 0
        finally:
            await db.close()
