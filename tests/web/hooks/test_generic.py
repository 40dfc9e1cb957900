"""The generic hook: signed, whole, once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.web.house import House
from tests.web.server import Running, running
from yizhan.channels.generic import SIGNATURE, TIMESTAMP, sign
from yizhan.foundation.clock import FakeClock
from yizhan.records.inboxes import Channel, NewInbox, create_inbox
from yizhan.web.services import Services

SECRET = "between-us"


class Sender:
    def __init__(self, live: Running, url: str, browser: httpx.AsyncClient) -> None:
        self.live, self.url, self.browser = live, url, browser

    async def post(self, said: Any, *, secret: str = SECRET, stamp: str = "", body: bytes = b"") -> httpx.Response:
        content = body or json.dumps(said).encode()
        stamp = stamp or str(int(self.live.services.clock.now().timestamp()))
        headers = {TIMESTAMP: stamp, SIGNATURE: sign(secret, stamp, content)}
        return await self.browser.post(self.url, content=content, headers=headers)

    async def count(self, table: str = "message") -> int:
        return int(await self.live.services.db.pool.fetchval(f"SELECT count(*) FROM {table}"))


@pytest.fixture
async def sender(services: Services, house: House) -> AsyncIterator[Sender]:
    async with running(services) as live, httpx.AsyncClient(timeout=20) as browser:
        new = NewInbox(channel=Channel.GENERIC, name="自有商城", brand_id=house.brand, team_id=house.care,
                       secrets={"secret": SECRET}, key="own")  # fmt: skip
        async with services.db.transaction() as tx:
            await create_inbox(tx, services.vault, new, services.clock.now(), "system")
        await live.services.the_intake.load_inboxes()
        yield Sender(live, f"{live.base}/hooks/generic/own", browser)


def message(id: str = "", text: str = "订单什么时候到?", **more: Any) -> dict[str, Any]:
    return {"id": id or str(uuid4()), "from": {"id": "buyer-9", "name": "王晓燕"}, "text": text, **more}


async def test_a_message_is_stored_before_it_is_accepted(sender: Sender) -> None:
    answer = await sender.post(message())
    assert answer.status_code == 200, answer.text
    [id] = answer.json()["accepted"]
    row = await sender.live.services.db.pool.fetchrow("SELECT id, text FROM message")
    assert row is not None
    assert (str(row["id"]), row["text"]) == (id, "订单什么时候到?")
    assert await sender.count("ticket") == 1


async def test_deliveries_at_once_and_replays_are_one_message(sender: Sender) -> None:
    same = message("m-1")
    answers = await asyncio.gather(*(sender.post(same) for _ in range(3)))
    again = await sender.post({"messages": [same, message("m-2", "还有")]})
    ids = {a.json()["accepted"][0] for a in [*answers, again]}
    assert len(ids) == 1
    assert await sender.count() == 2


async def test_wrong_secret_old_timestamp_and_altered_body_are_refused(sender: Sender, clock: FakeClock) -> None:
    old = str(int((clock.now() - timedelta(minutes=6)).timestamp()))
    refused = [await sender.post(message(), secret="wrong"), await sender.post(message(), stamp=old)]
    stamp = str(int(clock.now().timestamp()))
    headers = {TIMESTAMP: stamp, SIGNATURE: sign(SECRET, stamp, b"{}")}
    refused.append(await sender.browser.post(sender.url, json=message(), headers=headers))
    refused.append(await sender.browser.post(sender.url, json=message()))
    assert {(a.status_code, a.json()["code"]) for a in refused} == {(403, "signature_refused")}
    assert await sender.count() == 0


async def test_rubbish_well_signed_is_refused_by_name(sender: Sender) -> None:
    for body in (b"{", b"[]", b"\xff", b"{}", json.dumps(message(text="")).encode()):
        answer = await sender.post(None, body=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), body
    unknown = await sender.browser.post(f"{sender.live.base}/hooks/generic/nobody", json={})
    assert unknown.status_code == 404


async def test_files_are_kept_with_their_message(sender: Sender) -> None:
    file = {"name": "日志.txt", "content_base64": "aGVsbG8="}
    answer = await sender.post(message(text="", attachments=[file]))
    assert answer.status_code == 200, answer.text
    [kept] = await sender.live.services.db.pool.fetchval("SELECT attachments FROM message")
    assert (kept["name"], kept["type"], kept["size"]) == ("日志.txt", "text/plain", 5)
    assert await sender.live.services.blobs.get(kept["hash"]) == b"hello"
