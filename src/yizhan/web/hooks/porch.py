"""Where deliveries are taken: a raw ASGI wrapper, because the framework costs twice what storing a message does.

Limits lie around it, refusals are the same problem documents, and the framework describes the same hooks.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from yizhan.web.asgi import App, Receive, Scope, Send
from yizhan.web.errors import problem_of
from yizhan.web.hooks.delivery import Delivery, Hook
from yizhan.web.hooks.generic import take_generic
from yizhan.web.problem import MEDIA_TYPE
from yizhan.web.services import Services

HOOKS: Mapping[str, Hook] = {"generic": take_generic}
"""By the channel's name in the address: /hooks/<channel>/<key of the inbox>."""

_JSON = b"application/json"


class HookPorch:
    def __init__(self, app: App, services: Services, hooks: Mapping[str, Hook] = HOOKS) -> None:
        self._app = app
        self._services = services
        self._hooks = hooks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"].startswith("/hooks/"):
            _, _, channel, *key = scope["path"].split("/")
            hook = self._hooks.get(channel)
            if hook is not None and len(key) == 1 and key[0]:
                await self._take(hook, key[0], scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _take(self, hook: Hook, key: str, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        if body is None:
            return
        try:
            delivery = Delivery(key, scope, body, self._services.clock.now())
            answer, status, media = msgspec.json.encode(await hook(self._services, delivery)), 200, _JSON
            more = []
        except Exception as error:  # whatever it is, the caller is told in the one form of refusals
            refusal = problem_of(error, scope["method"], scope["path"])
            answer, status, media = msgspec.json.encode(refusal), refusal.status, MEDIA_TYPE.encode()
            more = [(b"retry-after", str(refusal.retry_after).encode())] if refusal.retry_after else []
        headers = [(b"content-type", media), (b"content-length", str(len(answer)).encode()), *more]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": answer})


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
