"""Scripts of other sites may ask here: no cookie is read, so the token in the request is all that counts.

Which sites may is the inbox's own list, checked where its door opens; a refusal must be readable too.
"""

from yizhan.web.asgi import App, Message, Receive, Scope, Send

_PREFIXES = ("/widget/", "/v1/")
_ALLOW = [
    (b"access-control-allow-origin", b"*"),
    (b"cross-origin-resource-policy", b"cross-origin"),
]
_PREFLIGHT = [
    *_ALLOW,
    (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
    (b"access-control-allow-headers", b"authorization, content-type, x-file-name"),
    (b"access-control-max-age", b"86400"),
    (b"content-length", b"0"),
]


class WidgetCors:
    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(_PREFIXES):
            await self._app(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            await send({"type": "http.response.start", "status": 204, "headers": _PREFLIGHT})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        else:
            await self._app(scope, receive, _opened(send))


def _opened(send: Send) -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", []), *_ALLOW]
        await send(message)

    return with_headers
