"""Too often and too much, refused before the framework is reached, in bounded memory."""

from collections.abc import AsyncIterator, MutableMapping
from typing import Any

import httpx

from tests.web.house import House
from yizhan.web.asgi import Receive, Scope, Send
from yizhan.web.buckets import Buckets, Rate
from yizhan.web.limits import LimitPolicy, Limits


class Ticks:
    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads the whole body and says how long it was."""
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RuntimeError("the client left")
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(size).encode()})


async def silent(scope: Scope, receive: Receive, send: Send) -> None:
    """As the framework does: turns the lost client into an answer that nobody shall see."""
    try:
        await echo(scope, receive, send)
    except RuntimeError:
        await send({"type": "http.response.start", "status": 500, "headers": []})
        await send({"type": "http.response.body", "body": b"oops"})


def client(policy: LimitPolicy, ticks: Ticks, address: str = "192.0.2.1") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(Limits(silent, policy, ticks), client=(address, 1))
    return httpx.AsyncClient(transport=transport, base_url="http://desk.test")


def test_a_bucket_fills_again_and_never_overflows() -> None:
    ticks = Ticks()
    buckets = Buckets(Rate(2, 3), ticks)
    assert [buckets.take("a") for _ in range(3)] == [0, 0, 0]
    assert buckets.take("a") == 0.5
    ticks.at += 0.5
    assert buckets.take("a") == 0
    ticks.at += 1000
    assert [buckets.take("a") > 0 for _ in range(4)] == [False, False, False, True]


def test_a_million_callers_take_bounded_memory() -> None:
    buckets = Buckets(Rate(1, 1), Ticks(), most=100)
    for number in range(10_000):
        buckets.take(str(number))
    assert len(buckets) == 100


async def test_too_many_requests_of_one_address_wait() -> None:
    ticks = Ticks()
    policy = LimitPolicy(address=Rate(1, 2), session=None)
    async with client(policy, ticks) as here:
        assert [(await here.get("/x")).status_code for _ in range(3)] == [200, 200, 429]
        refused = await here.get("/x")
        assert refused.headers["retry-after"] == "1"
        assert refused.json()["code"] == "rate_limited"
        assert (await here.get("/healthz")).status_code == 200, "the machines' questions are free"
        assert (await here.get("/app/assets/a.js")).status_code == 200, "an office that opens a new version, too"
        ticks.at += 1
        assert (await here.get("/x")).status_code == 200


async def test_sessions_are_counted_apart_and_log_ins_tighter() -> None:
    policy = LimitPolicy(address=None, session=Rate(1, 1), sign_in=Rate(0.1, 2))
    async with client(policy, Ticks()) as here:
        first = {"cookie": "a=b; yizhan_session=one"}
        assert (await here.get("/x", headers=first)).status_code == 200
        assert (await here.get("/x", headers=first)).status_code == 429
        assert (await here.get("/x", headers={"cookie": "yizhan_session=two"})).status_code == 200
        assert (await here.get("/x", headers={"authorization": "Bearer t"})).status_code == 200
        assert (await here.get("/x", headers={"authorization": "Bearer t"})).status_code == 429
        codes = [(await here.post("/api/v1/auth/login")).status_code for _ in range(3)]
        assert codes == [200, 200, 429]


async def test_a_network_of_ipv6_is_one_caller() -> None:
    limits = Limits(echo, LimitPolicy(address=Rate(1, 1), session=None), Ticks())
    seen = []
    for address in ("2001:db8::1", "2001:db8::2", "2001:db8:1::1"):
        transport = httpx.ASGITransport(limits, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as here:
            seen.append((await here.get("/x")).status_code)
    assert seen == [200, 429, 200]


async def test_a_declared_and_an_undeclared_body_are_both_bounded() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b"x" * 10

    policy = LimitPolicy(body=100, bodies={"/files": 1000})
    async with client(policy, Ticks()) as here:
        assert (await here.post("/x", content=b"x" * 100)).text == "100"
        declared = await here.post("/x", content=b"x" * 101)
        assert (declared.status_code, declared.json()["code"]) == (413, "too_large")
        chunked = await here.post("/x", content=chunks())
        assert (chunked.status_code, chunked.json()["code"]) == (413, "too_large")
        assert (await here.post("/files/a", content=chunks())).text == "300"


async def test_a_socket_beyond_the_rate_is_closed() -> None:
    limits = Limits(echo, LimitPolicy(address=Rate(1, 0)), Ticks())
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    await limits({"type": "websocket", "path": "/", "headers": [], "client": ("192.0.2.1", 1)}, receive, send)
    assert [message["type"] for message in sent] == ["websocket.close"]


async def test_the_real_application_refuses_a_huge_body(browser: httpx.AsyncClient, house: House) -> None:
    async def huge() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b'"' + b"x" * 65536

    answer = await browser.post("/api/v1/auth/login", content=huge())
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
