"""What is refused before the framework sees it: too often (429) and too much (413).

A raw ASGI wrapper, because a refusal must cost far less than an answer. Addresses are counted whole for IPv4 and by
their /64 network for IPv6, where one caller owns at least that many.
"""

import ipaddress
import math
import time
from collections.abc import Callable, Mapping
from hashlib import blake2b
from http.cookies import CookieError, SimpleCookie

import msgspec

from yizhan.web.asgi import App, Message, Receive, Scope, Send, header
from yizhan.web.buckets import Buckets, Rate
from yizhan.web.problem import MEDIA_TYPE, encode, problem

SESSION_COOKIE = "yizhan_session"
_FREE = ("/healthz", "/readyz")
# A whole office stands behind one address and fetches them all on the morning of a new version; they lie in memory.
_BUILT = "/app/assets/"


class LimitPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """Rates a second; `bodies` gives larger limits by path prefix, the longest that fits wins."""

    address: Rate | None = Rate(50, 600)
    session: Rate | None = Rate(30, 300)
    sign_in: Rate | None = Rate(1, 60)
    body: int = 1 << 20
    bodies: Mapping[str, int] = {}

    def body_limit(self, path: str) -> int:
        fitting = [prefix for prefix in self.bodies if path.startswith(prefix)]
        return self.bodies[max(fitting, key=len)] if fitting else self.body


def per_minute(requests: int) -> LimitPolicy:
    """The operator's one number: requests a minute of one address, 0 for no limit. They may come all at once.

    Without it sessions are not counted either; what guards a password is counted by its name, in records/access.
    """
    if not requests:
        return LimitPolicy(address=None, session=None, sign_in=None)
    return LimitPolicy(address=Rate(requests / 60, requests))


class Limits:
    """Wraps the whole application; sockets are counted when they open."""

    def __init__(self, app: App, policy: LimitPolicy, ticks: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._policy = policy
        self._address = Buckets(policy.address, ticks) if policy.address else None
        self._session = Buckets(policy.session, ticks) if policy.session else None
        self._sign_in = Buckets(policy.sign_in, ticks) if policy.sign_in else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        wait = self._wait(scope)
        if wait:
            await _refuse_rate(scope, receive, send, math.ceil(wait))
        elif scope["type"] == "websocket":
            await self._app(scope, receive, send)
        else:
            await self._bounded(scope, receive, send)

    def _wait(self, scope: Scope) -> float:
        path: str = scope["path"]
        address = _address(scope)
        if path in _FREE or path.startswith(_BUILT):
            return 0.0
        if self._sign_in is not None and path.startswith("/api/v1/auth/") and scope.get("method") == "POST":
            wait = self._sign_in.take(address)
            if wait:
                return wait
        if self._address is not None:
            wait = self._address.take(address)
            if wait:
                return wait
        key = _credential(scope) if self._session is not None else None
        return self._session.take(key) if self._session is not None and key else 0.0

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        limit = self._policy.body_limit(scope["path"])
        declared = header(scope, b"content-length")
        if declared is not None and not declared.isdigit():
            await _answer(send, 400, "malformed", "Content-Length is not a number")
        elif declared is not None and int(declared) > limit:
            await _answer(send, 413, "too_large", f"at most {limit} bytes")
        else:
            counted = _Counted(receive, send, limit)
            await self._app(scope, counted.receive, counted.send)


class _Counted:
    """Counts what is really sent: a chunked body has no declared length, and a declared one may lie.

    Once over the limit we answer ourselves; the application is told that the client left, and speaks to nobody.
    """

    def __init__(self, receive: Receive, send: Send, limit: int) -> None:
        self._receive = receive
        self._send = send
        self._limit = limit
        self._seen = 0
        self._started = False
        self._refused = False

    async def receive(self) -> Message:
        if self._refused:
            return {"type": "http.disconnect"}
        message = await self._receive()
        if message["type"] == "http.request":
            self._seen += len(message.get("body", b""))
            if self._seen > self._limit:
                self._refused = True
                if not self._started:
                    await _answer(self._send, 413, "too_large", f"at most {self._limit} bytes")
                return {"type": "http.disconnect"}
        return message

    async def send(self, message: Message) -> None:
        if self._refused:
            return
        self._started = True
        await self._send(message)


async def _refuse_rate(scope: Scope, receive: Receive, send: Send, seconds: int) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 4429, "reason": "rate_limited"})
        return
    await _answer(send, 429, "rate_limited", f"try again in {seconds} s", retry_after=seconds)


async def _answer(send: Send, status: int, code: str, detail: str, retry_after: int | None = None) -> None:
    headers = [(b"content-type", MEDIA_TYPE.encode()), (b"cache-control", b"no-store")]
    if retry_after:
        headers.append((b"retry-after", str(retry_after).encode()))
    body = encode(problem(status, code, detail, retry_after=retry_after))
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _address(scope: Scope) -> str:
    client = scope.get("client")
    host = str(client[0]) if client else ""
    if ":" not in host:
        return host
    try:
        return str(ipaddress.ip_network((host, 64), strict=False))
    except ValueError:
        return host


def _credential(scope: Scope) -> str | None:
    """A digest, so that the table of buckets holds no secret."""
    bearer = header(scope, b"authorization")
    secret = bearer or session_cookie(header(scope, b"cookie"))
    return blake2b(secret.encode(errors="replace"), digest_size=12).hexdigest() if secret else None


def session_cookie(header: str | None) -> str | None:
    if not header or SESSION_COOKIE not in header:
        return None
    try:
        morsel = SimpleCookie(header).get(SESSION_COOKIE)
    except CookieError:
        return None
    return morsel.value if morsel else None
