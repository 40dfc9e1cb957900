"""Where deliveries are taken: a raw ASGI wrapper, because the framework costs twice what storing a message does.

Limits lie around it, refusals are the same problem documents, and the framework describes the same hooks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from yizhan.foundation.errors import RateLimited
from yizhan.web.asgi import App, Receive, Scope, Send
from yizhan.web.errors import problem_of
from yizhan.web.hooks.channel import take_channel
from yizhan.web.hooks.delivery import Delivery, Hook
from yizhan.web.hooks.generic import take_generic
from yizhan.web.problem import MEDIA_TYPE
from yizhan.web.services import Services

HOOKS: Mapping[str, Hook] = {"generic": take_generic}
"""By the channel's name in the address: /hooks/<channel>/<key of the inbox>. All others are adapters."""

_JSON = b"application/json"
_METHODS = ("GET", "POST")
MOST_OPEN = 600
"""So many deliveries at once are stored within a second or two; each one more would only make all of them late."""
_BUSY_SECONDS = 2.0

_Answer = tuple[bytes, int, bytes, Sequence[tuple[bytes, bytes]]]


class HookPorch:
    def __init__(self, app: App, services: Services, hooks: Mapping[str, Hook] = HOOKS) -> None:
        self._app = app
        self._services = services
        self._hooks = hooks
        self._open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in _METHODS and scope["path"].startswith("/hooks/"):
            _, _, channel, *key = scope["path"].split("/")
            if len(key) == 1 and key[0] and (channel not in self._hooks or scope["method"] == "POST"):
                await self._take(channel, key[0], scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _take(self, channel: str, key: str, scope: Scope, receive: Receive, send: Send) -> None:
        if self._open >= MOST_OPEN:  # what is let in is stored in time; the vendor brings the rest again
            await _answer(send, *_refused(RateLimited(_BUSY_SECONDS), scope))
            return
        self._open += 1
        try:
            body = await _body(receive)
            if body is not None:
                await _answer(send, *await self._heard(channel, key, scope, body))
        finally:
            self._open -= 1

    async def _heard(self, channel: str, key: str, scope: Scope, body: bytes) -> _Answer:
        try:
            delivery = Delivery(key, scope, body, self._services.clock.now())
            hook = self._hooks.get(channel)
            if hook is not None:
                return msgspec.json.encode(await hook(self._services, delivery)), 200, _JSON, []
            reply = await take_channel(self._services, channel, delivery)
            return reply.body, reply.status, reply.media_type.encode(), []
        except Exception as error:  # whatever it is, the caller is told in the one form of refusals
            return _refused(error, scope)


def _refused(error: Exception, scope: Scope) -> _Answer:
    refusal = problem_of(error, scope["method"], scope["path"])
    more = [(b"retry-after", str(refusal.retry_after).encode())] if refusal.retry_after else []
    return msgspec.json.encode(refusal), refusal.status, MEDIA_TYPE.encode(), more


async def _answer(send: Send, body: bytes, status: int, media: bytes, more: Sequence[tuple[bytes, bytes]]) -> None:
    headers = [(b"content-type", media), (b"content-length", str(len(body)).encode()), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _body(receive: Receive) -> bytes | None:
    """None when the caller left before all of it was here, or was refused for its size."""
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        return bytes(message["body"])
    parts = []
    while message["type"] == "http.request":
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)
        message = await receive()
    return None
