"""What every stand-in has: paths, faults, a journal, people, and a pusher that gives up as vendors do."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.serving import served
from yizhan.foundation.clock import FakeClock
from yizhan.simulator import Blob, Fault, Human, Retry, vendor_class
from yizhan.simulator.generic import Generic

ANNA = Human(key="anna", name="王晓燕", phone="+8619900000001")
SECRET = "between-us"


class Platform:
    """Whoever is called back: keeps what came, answers in turn."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.came: list[tuple[bytes, dict[str, str]]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = (await receive()).get("body", b"")
        self.came.append((body, {k.decode(): v.decode() for k, v in scope["headers"]}))
        status = self.statuses.pop(0) if self.statuses else 200
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b'{"accepted":["1"]}'})


def standing(clock: FakeClock, platform: Platform, pauses: list[float] | None = None) -> Generic:
    async def pause(seconds: float) -> None:
        if pauses is not None:
            pauses.append(seconds)

    vendor = Generic(clock, client=httpx.AsyncClient(transport=httpx.ASGITransport(platform)), pause=pause)
    vendor.callbacks["generic"] = "http://desk.test/hooks/generic/own"
    vendor._secret = SECRET
    return vendor


async def test_a_message_is_pushed_signed_and_acknowledged(clock: FakeClock) -> None:
    platform = Platform()
    vendor = standing(clock, platform)
    said = await vendor.say(vendor.meet(ANNA), "灯不亮 💡", file=Blob("a.txt", "text/plain", b"hello"))
    [(body, headers)] = platform.came
    sign = hmac.new(SECRET.encode(), headers["x-yizhan-timestamp"].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["x-yizhan-signature"] == sign
    told = json.loads(body)
    assert (told["id"], told["text"], told["attachments"][0]["name"]) == (said.id, "灯不亮 💡", "a.txt")
    assert (said.state, int(said.id) > 2**53) == ("accepted", True)
    assert [(each.way, each.status) for each in vendor.journal.entries()] == [("push", 200)]


async def test_it_is_tried_again_as_often_as_the_vendor_does_and_then_given_up(clock: FakeClock) -> None:
    platform, pauses = Platform(500, 502, 503), list[float]()
    vendor = standing(clock, platform, pauses)
    vendor.retry = Retry(attempts=3, pauses=(60.0, 300.0))
    said = await vendor.say(vendor.meet(ANNA), "在吗")
    assert (said.state, len(platform.came), pauses) == ("refused", 3, [60.0, 300.0])
    assert len({body for body, _ in platform.came}) == 1
    assert "3 attempts" in said.note


async def test_without_an_address_nothing_is_pushed(clock: FakeClock) -> None:
    vendor = standing(clock, Platform())
    vendor.callbacks.clear()
    assert (await vendor.say(vendor.meet(ANNA), "在吗")).note == "no callback address"


async def test_mischief_of_the_pusher(clock: FakeClock) -> None:
    platform = Platform()
    vendor = standing(clock, platform)
    vendor.faults.mischief += ["thrice", "tamper"]
    await vendor.say(vendor.meet(ANNA), "一次")
    assert len(platform.came) == 3
    await vendor.say(vendor.meet(ANNA), "改过")
    body, headers = platform.came[-1]
    right = hmac.new(SECRET.encode(), headers["x-yizhan-timestamp"].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["x-yizhan-signature"] != right


@pytest.fixture
async def at_the_vendor(clock: FakeClock) -> AsyncIterator[tuple[Generic, httpx.AsyncClient]]:
    vendor = standing(clock, Platform())
    async with served(vendor) as base, httpx.AsyncClient(base_url=base) as client:
        vendor.base = base
        yield vendor, client


def reply(vendor: Generic, id: str = "7") -> dict[str, Any]:
    body = json.dumps({"id": id, "to": {"id": vendor.meet(ANNA).id}, "text": "明天到"}).encode()
    return {"content": body, "headers": dict(vendor._signed(body).headers)}


async def test_a_reply_stands_in_the_chat_once(at_the_vendor: tuple[Generic, httpx.AsyncClient]) -> None:
    vendor, client = at_the_vendor
    answers = [await client.post("/replies", **reply(vendor)) for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 200]
    assert [each.text for each in vendor.people.chat("generic", vendor.meet(ANNA).id)] == ["明天到"]
    refused = await client.post("/replies", content=b"{}", headers={"x-yizhan-signature": "x"})
    assert (refused.status_code, (await client.post("/nowhere")).status_code) == (401, 404)
    journal = (await client.get("/__journal")).json()
    assert [(each["path"], each["status"]) for each in journal][:3] == [("/replies", 200), ("/replies", 200),
                                                                        ("/replies", 401)]  # fmt: skip


async def test_faults_come_in_turn(at_the_vendor: tuple[Generic, httpx.AsyncClient]) -> None:
    vendor, client = at_the_vendor
    wanted = {"next": [{"status": 500}, {"html": True}, {"errcode": 429}, {"lose": True}]}
    assert (await client.post("/__control", json=wanted)).json()["waiting"] == 4
    first, second, third = [await client.post("/replies", **reply(vendor)) for _ in range(3)]
    assert (first.status_code, second.headers["content-type"][:9], third.status_code) == (500, "text/html", 429)
    assert not vendor.people.chat("generic", vendor.meet(ANNA).id)
    with pytest.raises(httpx.RemoteProtocolError):
        await client.post("/replies", **reply(vendor))
    assert vendor.people.chat("generic", vendor.meet(ANNA).id)  # done all the same: nobody was told
    assert (await client.post("/__control", json={"next": "x"})).status_code == 400


def test_a_fault_waits_for_its_path(clock: FakeClock) -> None:
    vendor = Generic(clock)
    vendor.faults.add([Fault(status=500, path="/token", times=2)])
    assert [vendor.faults.take("/send"), len(vendor.faults.next)] == [None, 2]
    assert vendor.faults.take("/token/x") is not None


def test_the_registry_names_vendors() -> None:
    from yizhan.simulator import VENDORS

    for name in VENDORS:
        found = vendor_class(name)
        assert (found.name, bool(found.doors)) == (name, True)


def test_a_human_has_one_account_at_a_vendor(clock: FakeClock) -> None:
    vendor = Generic(clock)
    assert vendor.meet(ANNA) is vendor.meet(Human(key="anna", name="王晓燕"))
    assert vendor.meet(Human(key="bob", name="张伟")).id != vendor.meet(ANNA).id
    assert ANNA.unionid == Human(key="anna", name="x").unionid
    clock.advance(timedelta(days=1))
    assert vendor.clock.now() == clock.now()
