"""A socket opens for a session on our own pages, or for a program with a token; others hear a code."""

from collections.abc import MutableMapping
from typing import Any

import httpx
from litestar import Litestar, WebSocket, websocket
from litestar.datastructures import State

from tests.web.house import House, sign_in
from yizhan.web.guards import signed_in
from yizhan.web.services import Services


@websocket("/live")
async def live(socket: WebSocket[Any, Any, Any]) -> None:
    await socket.accept()
    await socket.send_text(str(socket.scope["state"]["viewer"].name))
    await socket.close()


async def knock(services: Services, **headers: str) -> list[MutableMapping[str, Any]]:
    """What the server sends to a socket with these headers."""
    app = Litestar([live], guards=[signed_in], state=State({"services": services}), openapi_config=None)
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope: dict[str, object] = {
        "type": "websocket",
        "path": "/live",
        "raw_path": b"/live",
        "root_path": "",
        "query_string": b"",
    }
    scope |= {"headers": raw, "client": ("192.0.2.1", 1), "server": ("desk.test", 80), "scheme": "ws"}
    scope |= {"subprotocols": [], "state": {}, "asgi": {"version": "3.0"}, "http_version": "1.1", "extensions": {}}
    await app(scope, receive, send)  # type: ignore[arg-type]
    return sent


async def test_a_socket_needs_a_session_and_our_own_page(
    browser: httpx.AsyncClient, services: Services, house: House
) -> None:
    await sign_in(browser, "lin")
    cookie = f"yizhan_session={browser.cookies['yizhan_session']}"
    for origin in ("http://desk.test", services.settings.public_url):
        told = await knock(services, cookie=cookie, host="desk.test", origin=origin)
        assert told[1]["text"] == "林一"
    for headers in ({"origin": "https://evil.test"}, {}, {"origin": "null"}):
        [refused] = await knock(services, cookie=cookie, host="desk.test", **headers)
        assert (refused["type"], refused["code"]) == ("websocket.close", 4403)
    [stranger] = await knock(services, host="desk.test", origin="http://desk.test")
    assert (stranger["code"], stranger["reason"]) == (4401, "not_signed_in")


async def test_a_program_comes_from_no_page(browser: httpx.AsyncClient, services: Services, house: House) -> None:
    await sign_in(browser, "admin")
    token = (await browser.post("/api/v1/tokens", json={"name": "x", "scopes": ["ticket.read"]})).json()["secret"]
    told = await knock(services, authorization=f"Bearer {token}")
    assert told[1]["text"] == "管理员"
    [refused] = await knock(services, authorization="Bearer yzt_made-up")
    assert refused["code"] == 4401
