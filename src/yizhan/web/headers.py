"""The headers every answer carries unless its handler said otherwise."""

from yizhan.web.asgi import App, Message, Receive, Scope, Send

CONTENT_SECURITY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        # Element Plus writes inline style attributes and injects <style>; scripts stay strict.
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob: https:",
        "media-src 'self' blob:",
        "font-src 'self' data:",
        "connect-src 'self' ws: wss:",
        "worker-src 'self'",
        "frame-src 'self' blob:",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
    )
)

WORKER_SECURITY = "default-src 'none'; script-src 'self'; connect-src 'self'"
"""A service worker lives by the policy of its own script: it fetches our files and nothing else."""

_ALWAYS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
    b"x-frame-options": b"DENY",
    b"cross-origin-opener-policy": b"same-origin",
    b"permissions-policy": b"camera=(self), microphone=(self), geolocation=(), interest-cohort=()",
}
_HSTS = b"max-age=31536000"


class SafeHeaders:
    """Adds what is missing; answers under /api may never be stored by a cache between."""

    def __init__(self, app: App, *, https: bool) -> None:
        self._app = app
        self._always = {**_ALWAYS, **({b"strict-transport-security": _HSTS} if https else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        wanted = self._always
        if scope["path"].startswith("/api/"):
            wanted = {**wanted, b"cache-control": b"no-store"}

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", []))
                present = {name.lower() for name, _ in headers}
                headers += [(name, value) for name, value in wanted.items() if name not in present]
                message["headers"] = headers
            await send(message)

        await self._app(scope, receive, with_headers)
