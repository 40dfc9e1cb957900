"""A CRM on loopback: strict about who asks, and slow, lying, chatty or down when told so."""

from __future__ import annotations

import base64
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

KEY, CLIENT, SECRET = "crm-key", "yizhan", "crm-secret"


class Crm:
    """`mood`: ok, slow (until `release`), down (no answer), broken (HTTP 500), html, garbage, denied, busy, lying (all
    know each other's orders), shapeless, huge, loop, endless. `people` by mobile number; `asked` are the calls that it
    understood."""

    def __init__(self) -> None:
        self.url = ""
        self.mood = "ok"
        self.auth = "none"
        self.people: dict[str, dict[str, Any]] = {}
        self.page_size = 2
        self.breaks_at = 0  # at which cursor it answers with HTTP 500
        self.asked: list[str] = []
        self.tokens: list[str] = []
        self.release = threading.Event()

    def add(self, mobile: str, name: str, *orders: dict[str, Any], **more: Any) -> None:
        head = {"id": len(self.people) + 1, "mobile": mobile, "name": name}
        self.people[mobile] = {**head, "orders": list(orders), **more}

    def order(self, number: str, **more: Any) -> dict[str, Any]:
        line = {"code": "A5", "name": "空气炸锅 A5", "qty": 1, "price": 399}
        head = {"no": number, "state": "paid", "amount": 399.0, "created": "2026-02-27 10:00:00"}
        return {**head, "items": [line], **more}

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, str, bytes] | None:
        """None: the connection is closed without a word."""
        parts = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/token":
            return self._token(parse_qs(body.decode()))
        if self.mood == "down":
            return None
        if self.mood == "slow":
            self.release.wait(10)
        strange: dict[str, tuple[int, str, bytes]] = {
            "broken": (500, "application/json", b'{"error": "oops"}'),
            "html": (200, "text/html", "<!doctype html><title>登录</title>".encode()),
            "garbage": (200, "application/json", b'{"customers": ['),
            "denied": (403, "application/json", b"{}"), "busy": (429, "application/json", b"{}"),
            "shapeless": (200, "application/json", b'{"customers": "none", "orders": 7}'),
            "huge": (200, "application/json", b'"' + b"x" * 3_000_000 + b'"'),
            "moved": (302, "text/plain", b""),
        }  # fmt: skip
        if self.mood in strange:
            return strange[self.mood]
        if self.breaks_at and query.get("cursor") == str(self.breaks_at):
            return strange["broken"]
        if not self._knows(headers):
            return 401, "application/json", b"{}"
        self.asked.append(unquote(path))
        return self._json(self._orders(query) if parts.path == "/orders" else self._page(query))

    def _orders(self, query: dict[str, str]) -> dict[str, Any]:
        """Of one customer, as an agent's look-up asks."""
        person = self.people.get(query.get("mobile", ""))
        if person is None:
            return {"customers": [], "orders": []}
        told = {key: value for key, value in person.items() if key != "orders"}
        if self.mood == "lying":
            told = {**told, "mobile": "13900000000"}
        orders = [{**order, "mobile": told["mobile"], "customer": told["id"]} for order in person["orders"]]
        return {"customers": [told], "orders": orders}

    def _page(self, query: dict[str, str]) -> dict[str, Any]:
        at = int(query.get("cursor") or 0)
        people = list(self.people.values())[at : at + self.page_size]
        after = at + self.page_size
        more: object = after if after < len(self.people) else None
        if self.mood == "endless":
            more = after
        if self.mood == "loop":
            more = query.get("cursor") or "7"
        orders = [{**o, "mobile": p["mobile"], "customer": p["id"]} for p in people for o in p["orders"]]
        return {"customers": people, "orders": orders, "next": more}

    def _knows(self, headers: dict[str, str]) -> bool:
        said = headers.get("authorization", "")
        pair = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        return {
            "none": True, "api_key": headers.get("x-api-key") == KEY, "basic": said == f"Basic {pair}",
            "oauth2": said.removeprefix("Bearer ") in self.tokens[-1:],
        }[self.auth]  # fmt: skip

    def _token(self, form: dict[str, list[str]]) -> tuple[int, str, bytes]:
        if (form.get("client_id"), form.get("client_secret")) != ([CLIENT], [SECRET]):
            return 401, "application/json", b'{"error": "invalid_client"}'
        self.tokens.append(f"token-{len(self.tokens) + 1}")
        return self._json({"access_token": self.tokens[-1], "token_type": "Bearer", "expires_in": 3600})

    def _json(self, value: object) -> tuple[int, str, bytes]:
        return 200, "application/json", json.dumps(value, ensure_ascii=False).encode()

    def document(self, **more: Any) -> dict[str, Any]:
        """A connector that understands this CRM."""
        return {
            "name": {"zh": "会员 CRM", "en": "Member CRM"}, "source": "crm", "verified": ["phone"],
            "look_up": {"url": f"{self.url}/orders?{{kind}}={{value}}", "by": [{"kind": "phone", "name": "mobile"}]},
            "profile": {"rows": "customers", "identifiers": {"external": "id", "phone": "mobile"}, "name": "name",
                        "fields": {"city": "city"}},
            "order": {
                "rows": "orders", "identifiers": {"external": "customer", "phone": "mobile"}, "number": "no",
                "status": "state", "total": "amount", "placed_at": "created", "lines": "items", "sku": "code",
                "title": "name", "count": "qty", "price": "price",
            }, **more,
        }  # fmt: skip

    def pulling(self, **more: Any) -> dict[str, Any]:
        pull = {
            "url": f"{self.url}/customers?cursor={{cursor}}&since={{since}}",
            "paging": {"kind": "cursor", "next": "next"},
        }  # fmt: skip
        return self.document(pull=pull, **more)


@contextmanager
def crm() -> Iterator[Crm]:
    standin = Crm()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            answer = standin.answer(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            if answer is None:
                self.close_connection = True
                return
            status, kind, content = answer
            try:
                self.send_response(status)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                self.close_connection = True  # who asked did not wait

        do_POST = do_GET  # noqa: N815 - the name is the server's

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    standin.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield standin
    finally:
        standin.release.set()
        server.shutdown()
        server.server_close()
