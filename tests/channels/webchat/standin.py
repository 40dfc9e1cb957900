"""A server that speaks the widget's protocol from memory, so that the widget is tried in a browser by itself.

It keeps one visitor, numbers its frames, replays after a position, drops repeats by client id, and can refuse
sockets or cut them in the middle. Tests drive the agent's side with `say`, `state` and `push`.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote
from uuid import UUID

import uvicorn

from yizhan.foundation.ids import new_id

BUILT = Path(__file__).parents[3] / "src" / "yizhan" / "_web" / "widget"
CORS = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-headers", b"content-type, authorization, x-file-name"),
]
HEAD = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>商城</title>'
    '<meta name="viewport" content="width=device-width"><body>'
)
CONFIG: dict[str, Any] = {
    "name": "山雀生活",
    "color": "#2563eb",
    "locale": "zh-CN",
    "subtitle": None,
    "welcome": {
        "text": "您好,我是山雀生活的智能助手小雀 👋\n退换货、维修、发票都可以问我,随时可以转人工。",
        "questions": ["我的订单什么时候到?", "怎么申请退货退款?", "净水器滤芯多久换一次?", "怎么开发票?"],
    },
    "pre_chat": {"fields": []},
    "online": True,
    "opens": None,
    "rules": [],
    "file_limit": 10_485_760,
    "tracking": True,
}

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Standin:
    """`config` may be changed before a page loads; `heard` holds every frame a visitor's client sent."""

    def __init__(self) -> None:
        self.config = json.loads(json.dumps(CONFIG))
        self.csp = ""
        self.page = "<h1>山雀生活 · 示例商城</h1>"
        self.frames: list[dict[str, Any]] = []
        self.messages: list[dict[str, Any]] = []
        self.heard: list[dict[str, Any]] = []
        self.left: list[dict[str, Any]] = []
        self.wishes: list[dict[str, Any]] = []
        self.seen_clients: dict[str, str] = {}
        self.conversation: dict[str, Any] | None = None
        self.refuse_sockets = False
        self.auto_phase = "bot"
        self.files: dict[str, tuple[bytes, str]] = {}
        self._sockets: set[asyncio.Queue[str | None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: uvicorn.Server | None = None
        self.port = 0
        self.address = ""
        self.broken = ""  # a path that answers 503

    # --- the agent's side, callable from a test's thread

    def say(self, text: str, *, sender: str = "agent", name: str = "林一", **more: Any) -> str:
        message = self._message(sender, name, text, None) | more
        self._thread_safe(self._keep, message)
        return str(message["id"])

    def state(self, **changes: Any) -> None:
        self.conversation = (self.conversation or self._conversation()) | changes
        self.push({"t": "state", "conversation": self.conversation})

    def push(self, frame: dict[str, Any]) -> None:
        self._thread_safe(self._publish, frame)

    def cut(self) -> None:
        """Drops every socket without a word, as a lift does."""
        self._thread_safe(self._hang_up)

    def start(self) -> str:
        settings = uvicorn.Config(self, host="127.0.0.1", port=0, log_level="error", ws="websockets-sansio")
        self._server = uvicorn.Server(settings)
        ready = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self._serve(ready)), daemon=True).start()
        if not ready.wait(10):
            raise TimeoutError("the stand-in did not start")
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        if self._server:
            self._server.should_exit = True
            self.cut()

    async def _serve(self, ready: threading.Event) -> None:
        assert self._server is not None
        self._loop = asyncio.get_running_loop()
        serving = asyncio.create_task(self._server.serve())
        while not self._server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]
        ready.set()
        await serving

    def _thread_safe(self, call: Callable[..., None], *values: Any) -> None:
        assert self._loop is not None
        done = threading.Event()

        def run() -> None:
            call(*values)
            done.set()

        self._loop.call_soon_threadsafe(run)
        done.wait(5)

    # --- state

    def _conversation(self) -> dict[str, Any]:
        return {"id": str(_id()), "phase": self.auto_phase, "agent_name": None, "queue": None, "survey": False}

    def _message(self, sender: str, name: str, text: str, client_id: str | None) -> dict[str, Any]:
        if self.conversation is None or self.conversation["phase"] == "ended":
            self.conversation = self._conversation()
        return {
            "id": str(_id()),
            "conversation_id": self.conversation["id"],
            "from": sender,
            "name": name,
            "kind": "text",
            "text": text,
            "attachments": [],
            "at": datetime.now(UTC).isoformat(),
            "client_id": client_id,
            "delivery": "sent",
        }

    def _keep(self, message: dict[str, Any]) -> None:
        self.messages.append(message)
        self._publish({"t": "message", "message": message})

    def _publish(self, frame: dict[str, Any]) -> None:
        frame = frame | {"pos": f"1:{len(self.frames) + 1}"}
        self.frames.append(frame)
        for queue in self._sockets:
            queue.put_nowait(json.dumps(frame))

    def _hang_up(self) -> None:
        for queue in self._sockets:
            queue.put_nowait(None)

    def _take(self, frame: dict[str, Any]) -> list[dict[str, Any]]:
        self.heard.append(frame)
        client_id = frame.get("client_id")
        if not client_id:
            return []
        if client_id not in self.seen_clients:
            self.seen_clients[client_id] = self._effect(frame)
        return [{"t": "ack", "client_id": client_id, "message_id": self.seen_clients[client_id] or None}]

    def _effect(self, frame: dict[str, Any]) -> str:
        if frame["t"] == "message":
            fresh = self.conversation is None or self.conversation["phase"] == "ended"
            message = self._message("customer", "", frame["text"], frame["client_id"])
            message["payload"] = frame.get("payload")
            message["attachments"] = [self._attachment(each) for each in frame["attachments"]]
            if fresh:
                self._publish({"t": "state", "conversation": self.conversation})
            self._keep(message)
            return str(message["id"])
        if frame["t"] == "human":
            self.conversation = (self.conversation or self._conversation()) | {
                "phase": "queued",
                "queue": {"position": 3, "eta_s": 150},
            }
            self._publish({"t": "state", "conversation": self.conversation})
        if frame["t"] == "end" and self.conversation:
            self.conversation = self.conversation | {"phase": "ended", "survey": True}
            self._publish({"t": "state", "conversation": self.conversation})
        return ""

    def _attachment(self, key: str) -> dict[str, Any]:
        content, kind = self.files[key]
        name, url = unquote(key.split("-", 1)[1]), f"/widget/demo/files/{quote(key)}"
        return {"hash": key, "name": name, "type": kind, "size": len(content), "url": url}

    # --- the wire

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _socket(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        await receive()
        if self.refuse_sockets:
            await send({"type": "websocket.close", "code": 1011})
            return
        await send({"type": "websocket.accept"})
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        after = int(parse_qs(scope["query_string"].decode())["after"][0].split(":")[1])
        welcome = {"t": "welcome", "conversation": self.conversation, "pos": f"1:{len(self.frames)}"}
        queue.put_nowait(json.dumps([*self.frames[after:], welcome]))
        self._sockets.add(queue)
        writer = asyncio.create_task(self._write(queue, send))
        while (event := await receive())["type"] == "websocket.receive":
            for answer in self._take(json.loads(event["text"])):
                queue.put_nowait(json.dumps(answer))
        self._sockets.discard(queue)
        writer.cancel()

    async def _write(self, queue: asyncio.Queue[str | None], send: Send) -> None:
        while (text := await queue.get()) is not None:
            await send({"type": "websocket.send", "text": text})
        self._sockets.discard(queue)
        await send({"type": "websocket.close", "code": 1012})

    async def _http(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        body = b""
        while scope["method"] == "POST":
            part = await receive()
            body += part.get("body", b"")
            if not part.get("more_body"):
                break
        headers = {key.decode(): value.decode() for key, value in scope["headers"]}
        status, kind, content = await self._answer(scope["path"], scope["query_string"].decode(), body, headers)
        more = [(b"content-security-policy", self.csp.encode())] if self.csp and kind == "text/html" else []
        extra = [(b"content-type", kind.encode()), *CORS, *more]
        await send({"type": "http.response.start", "status": status, "headers": extra})
        await send({"type": "http.response.body", "body": content})

    async def _answer(self, path: str, query: str, body: bytes, headers: dict[str, str]) -> tuple[int, str, bytes]:
        if path in ("/", "/bare") or path.startswith("/p/"):
            key = "" if path == "/bare" else ' data-inbox="demo"'
            script = f'<script src="/widget.js"{key} async></script>'
            return 200, "text/html", f"{HEAD}{self.page}{script}".encode()
        if path == self.broken:
            return 503, "text/plain", b""
        if path == "/favicon.ico":
            return 204, "image/x-icon", b""
        if path == "/widget.js":
            return 200, "text/javascript", (BUILT / "widget.js").read_bytes()
        if path.startswith("/widget/look/"):
            return 200, "application/json", (BUILT / f"look.{path.rsplit('/', 1)[1]}.json").read_bytes()
        if path.startswith("/widget/demo/files/"):
            content, kind = self.files[path.rsplit("/", 1)[1]]
            return 200, kind, content
        answer = await self._api(path.removeprefix("/widget/demo"), query, body, headers)
        return (404, "text/plain", b"") if answer is None else (200, "application/json", json.dumps(answer).encode())

    async def _api(self, path: str, query: str, body: bytes, headers: dict[str, str]) -> Any:
        match path:
            case "/config":
                return self.config
            case "/session":
                self.wishes.append(json.loads(body))
                return self._session()
            case "/frames":
                return {"frames": self._take(json.loads(body))}
            case "/trail":
                return self._take({"t": "trail", "items": json.loads(body)["items"], "beacon": True})
            case "/leave":
                self.left.append(json.loads(body))
                return {"reply_by": "明早 9:30"}
            case "/files":
                kind = headers["content-type"]
                key = f"{len(self.files)}-{headers['x-file-name']}"
                self.files[key] = (body, kind)
                return self._attachment(key)
            case "/history":
                return self._history(parse_qs(query)["before"][0])
            case "/poll":
                return await self._poll(int(parse_qs(query)["after"][0].split(":")[1]))
        return None

    def _session(self) -> dict[str, Any]:
        return {
            "token": "token",
            "visitor": "visitor",
            "expires": "2099-01-01T00:00:00Z",
            "pos": f"1:{len(self.frames)}",
            "conversation": self.conversation,
            "messages": self.messages[-50:],
            "more": len(self.messages) > 50,
            "unread": 0,
            "profile": {},
        }

    def _history(self, before: str) -> dict[str, Any]:
        earlier = [message for message in self.messages if message["id"] < before]
        return {"messages": earlier[-50:], "more": len(earlier) > 50}

    async def _poll(self, after: int) -> dict[str, Any]:
        for _ in range(50):
            if self.frames[after:]:
                break
            await asyncio.sleep(0.02)
        return {"frames": self.frames[after:]}


def _id() -> UUID:
    return new_id(datetime.now(UTC))
