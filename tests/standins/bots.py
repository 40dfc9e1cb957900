"""Group bots of WeCom, DingTalk and Feishu, a webhook and a text gateway on one server: as strict as the vendors.

Each checks its key or signature, its content type and the size and form of the message; each counts 20 messages a
minute (Feishu 100, and 5 a second), and DingTalk makes who is too fast rest for ten minutes. Every answer of a bot is
HTTP 200 with a code inside. `told` is what reached the group.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.server
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

WECOM_KEY, DINGTALK_TOKEN, FEISHU_TOKEN = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa", "dingtoken", "feishutoken"
DINGTALK_SECRET, FEISHU_SECRET, HOOK_SECRET = "SECabcdef0123456789", "demo", "hook-secret"


class Bots:
    """`now` in Unix seconds. `next` are (status, body) given before the vendor behaves again."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self.url = ""
        self.now = now
        self.told: list[tuple[str, str]] = []
        self.bodies: list[dict[str, Any]] = []
        self.came: list[float] = []
        self.next: list[tuple[int, dict[str, Any]]] = []
        self._calls: dict[str, list[float]] = {}
        self._rests: dict[str, float] = {}

    @property
    def wecom(self) -> str:
        return f"{self.url}/cgi-bin/webhook/send?key={WECOM_KEY}"

    @property
    def dingtalk(self) -> str:
        return f"{self.url}/robot/send?access_token={DINGTALK_TOKEN}"

    @property
    def feishu(self) -> str:
        return f"{self.url}/open-apis/bot/v2/hook/{FEISHU_TOKEN}"

    @property
    def hook(self) -> str:
        return f"{self.url}/hook"

    def texts(self, vendor: str) -> list[str]:
        return [text for who, text in self.told if who == vendor]

    def answer(self, path: str, headers: dict[str, str], raw: bytes) -> tuple[int, dict[str, Any]]:
        if self.next:
            return self.next.pop(0)
        where, query = urlsplit(path).path, {k: v[0] for k, v in parse_qs(urlsplit(path).query).items()}
        try:
            body = json.loads(raw)
        except ValueError:
            body = {}
        if where == "/cgi-bin/webhook/send":
            return 200, self._wecom(query, body)
        if where == "/robot/send":
            return 200, self._dingtalk(query, headers, body)
        if where == f"/open-apis/bot/v2/hook/{FEISHU_TOKEN}":
            return 200, self._feishu(body, raw)
        if where == "/hook":
            return self._hook(headers, raw, body)
        return 404, {}

    def _wecom(self, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        if query.get("key") != WECOM_KEY:
            return {"errcode": 93000, "errmsg": "invalid webhook url"}
        if body.get("msgtype") not in ("text", "markdown", "markdown_v2"):
            return {"errcode": 40008, "errmsg": "invalid message type"}
        content = body.get(body["msgtype"], {}).get("content")
        if not isinstance(content, str) or not content:
            return {"errcode": 44004, "errmsg": "empty content"}
        if len(content.encode()) > (2048 if body["msgtype"] == "text" else 4096):
            return {"errcode": 40058, "errmsg": "markdown.content exceed max length 4096"}
        if not self._room("wecom", 20):
            return {"errcode": 45009, "errmsg": "api freq out of limit"}
        return self._take("wecom", content, body, {"errcode": 0, "errmsg": "ok"})

    def _dingtalk(self, query: dict[str, str], headers: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        if query.get("access_token") != DINGTALK_TOKEN:
            return {"errcode": 300005, "errmsg": "token is not exist"}
        stamp = query.get("timestamp", "")
        signed = hmac.digest(DINGTALK_SECRET.encode(), f"{stamp}\n{DINGTALK_SECRET}".encode(), hashlib.sha256)
        if query.get("sign") != base64.b64encode(signed).decode():
            return {"errcode": 310000, "errmsg": "sign not match"}
        if not stamp.isdigit() or abs(self.now() - int(stamp) / 1000) > 3600:
            return {"errcode": 310000, "errmsg": "invalid timestamp"}
        if "json" not in headers.get("content-type", "") or body.get("msgtype") not in ("text", "markdown"):
            return {"errcode": 40035, "errmsg": "缺少参数 json"}
        said = body[body["msgtype"]]
        text = said.get("content") if body["msgtype"] == "text" else said.get("title") and said.get("text")
        if not text:
            return {"errcode": 40035, "errmsg": "缺少参数 text"}
        if self._rests.get("dingtalk", 0) > self.now():
            return {"errcode": 130101, "errmsg": "send too fast"}
        if not self._room("dingtalk", 20):
            self._rests["dingtalk"] = self.now() + 600
            return {"errcode": 130101, "errmsg": "send too fast"}
        return self._take("dingtalk", text, body, {"errcode": 0, "errmsg": "ok"})

    def _feishu(self, body: dict[str, Any], raw: bytes) -> dict[str, Any]:
        stamp = str(body.get("timestamp", ""))
        sign = base64.b64encode(hmac.digest(f"{stamp}\n{FEISHU_SECRET}".encode(), b"", hashlib.sha256)).decode()
        if body.get("sign") != sign or not stamp.isdigit() or abs(self.now() - int(stamp)) > 3600:
            return {"code": 19021, "msg": "sign match fail or timestamp is not within one hour from current time"}
        if body.get("msg_type") not in ("text", "post") or len(raw) > 20 * 1024:
            return {"code": 9499, "msg": "Bad Request"}
        content = body.get("content", {})
        words = [str(content.get("text", ""))]
        for post in content.get("post", {}).values():
            words = [post["title"], *("".join(part["text"] for part in line) for line in post["content"])]
        if not any(words):
            return {"code": 9499, "msg": "Bad Request"}
        if not self._room("feishu", 100, 5):
            return {"code": 11232, "msg": "frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]"}
        return self._take("feishu", "\n".join(words), body, {"code": 0, "msg": "success", "data": {}})

    def _hook(self, headers: dict[str, str], raw: bytes, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        signed = headers.get("x-yizhan-timestamp", "").encode() + b"." + raw
        if headers.get("x-yizhan-signature") != hmac.digest(HOOK_SECRET.encode(), signed, hashlib.sha256).hex():
            return 401, {}
        return 200, self._take("hook", str(body.get("title", body.get("text", ""))), body, {})

    def _room(self, vendor: str, a_minute: int, a_second: int | None = None) -> bool:
        now = self.now()
        lately = [at for at in self._calls.get(vendor, []) if at > now - 60]
        if len(lately) >= a_minute or (a_second is not None and sum(at > now - 1 for at in lately) >= a_second):
            return False
        self._calls[vendor] = [*lately, now]
        return True

    def _take(self, vendor: str, text: str, body: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        self.told.append((vendor, text))
        self.bodies.append(body)
        self.came.append(time.time())
        return answer


@contextmanager
def bots(now: Callable[[], float] = time.time) -> Iterator[Bots]:
    standin = Bots(now)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("content-length", 0)))
            status, answer = standin.answer(self.path, {k.lower(): v for k, v in self.headers.items()}, raw)
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    standin.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield standin
    finally:
        server.shutdown()
        server.server_close()
