"""One bounded request: in time, in size, and in where it may go."""

import asyncio
import ssl
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from email.message import Message
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import unquote

import msgspec

from yizhan.foundation.errors import DomainError, TooLarge
from yizhan.foundation.http.guard import Guard, HttpRefused

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")

DEFAULT_MAX_BYTES = 20 * 1024 * 1024
_CONNECT_SECONDS = 5.0
_MAX_REDIRECTS = 5
_GZIP_OR_ZLIB = 47


class HttpFailed(DomainError):  # noqa: N818 - a word of the domain
    """No whole answer came. `sent` False: the other side cannot have seen the request, so repeating it is safe."""

    code = "http_failed"

    def __init__(self, message: str, *, sent: bool) -> None:
        super().__init__(message)
        self.sent = sent


class Response(msgspec.Struct, frozen=True):
    """An answer of any status, whole. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    url: str
    """Where the answer came from, after redirects."""

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def file_name(self) -> str:
        """What its sender calls the content, in any of the ways in use; empty where it has no name."""
        told = self.headers.get("content-disposition", "")
        plain, marked, spelled = told.partition("filename*=")  # where both are, the second is the better one
        said = Message()
        said["content-disposition"] = f"attachment; filename*={spelled}" if marked else plain
        return unquote(said.get_filename(""))[:200]

    def json(self, type: type[T]) -> T:
        """The content as `type`; raises HttpFailed when it is something else, since the other side broke its word."""
        try:
            return msgspec.json.decode(self.content, type=type)
        except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
            raise HttpFailed(f"the answer is not what was agreed: {wrong}", sent=True) from wrong


class Http:
    """A client for one process; connections are kept for reuse until `close`. `http2`: where the other side has it."""

    def __init__(
        self,
        guard: Guard,
        *,
        max_bytes: int = DEFAULT_MAX_BYTES,
        connections: int = 50,
        tls: ssl.SSLContext | None = None,
        http2: bool = False,
    ) -> None:
        self._guard = guard
        self._max_bytes = max_bytes
        self._connections = connections
        self._tls = tls
        self._http2 = http2
        self._opened: httpx.AsyncClient | None = None

    @property
    def guard(self) -> Guard:
        """What decides where calls may go: for another client of the same house."""
        return self._guard

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        json: object = None,
        timeout: float = 10.0,  # noqa: ASYNC109 - the bound of the whole request is part of the promise
        follow: bool = False,
        max_bytes: int | None = None,
    ) -> Response:
        """The answer, whatever its status. `timeout` is in seconds, for everything from the name to the last byte.

        Raises HttpRefused, HttpFailed, or TooLarge for more than `max_bytes`. `follow` goes after redirects,
        each checked as the first was.
        """
        send = {**_DEFAULT_HEADERS, **{name.lower(): value for name, value in (headers or {}).items()}}
        if json is not None:
            content, send["content-type"] = msgspec.json.encode(json), send.get("content-type", "application/json")
        limit = self._max_bytes if max_bytes is None else max_bytes
        async with _translated(timeout):
            client = self._client()
            request = client.build_request(method, url, headers=send, content=content)
            answer = await client.send(request, stream=True, follow_redirects=follow)
            try:
                return await _read(answer, limit)
            finally:
                await answer.aclose()

    async def warm(self) -> None:
        """Before the first call: loading the client and the certificates takes up to a second, off the loop here."""
        await asyncio.to_thread(self._client)

    async def close(self) -> None:
        if self._opened is not None:
            await self._opened.aclose()
            self._opened = None

    def _client(self) -> "httpx.AsyncClient":
        if self._opened is None:
            import httpx

            from yizhan.foundation.http.transport import GuardedTransport

            tls = self._tls or httpx.create_ssl_context(trust_env=False)
            self._opened = httpx.AsyncClient(
                transport=GuardedTransport(self._guard, tls, self._connections, http2=self._http2),
                timeout=httpx.Timeout(None, connect=_CONNECT_SECONDS),
                max_redirects=_MAX_REDIRECTS,
                trust_env=False,  # a proxy from the environment would resolve names behind the guard's back
            )
        return self._opened


# Without compression no answer can grow in memory beyond what came over the wire.
_DEFAULT_HEADERS = {"user-agent": "Yizhan", "accept": "*/*", "accept-encoding": "identity"}


@asynccontextmanager
async def _translated(seconds: float) -> AsyncIterator[None]:
    import httpcore
    import httpx

    try:
        async with asyncio.timeout(seconds):
            yield
    except (httpcore.ConnectError, httpcore.ConnectTimeout, httpcore.PoolTimeout) as failure:
        raise HttpFailed(f"no connection: {failure or type(failure).__name__}", sent=False) from failure
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpcore.UnsupportedProtocol, httpcore.LocalProtocolError):
        raise HttpRefused("only whole http and https URLs are called") from None
    except TimeoutError as failure:
        raise HttpFailed(f"no answer within {seconds:g} s", sent=True) from failure
    except httpx.TooManyRedirects as failure:
        raise HttpFailed("too many redirects", sent=True) from failure
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, httpx.HTTPError) as failure:
        raise HttpFailed(f"no whole answer: {failure or type(failure).__name__}", sent=True) from failure


async def _read(answer: "httpx.Response", limit: int) -> Response:
    announced = answer.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > limit:
        raise TooLarge(f"the answer has {announced} bytes, {limit} are allowed")
    parts, size = [], 0
    async for part in answer.aiter_raw():
        size += len(part)
        if size > limit:
            raise TooLarge(f"the answer has more than {limit} bytes")
        parts.append(part)
    encoding = answer.headers.get("content-encoding", "identity").lower()
    content = _decoded(b"".join(parts), encoding, limit)
    return Response(answer.status_code, dict(answer.headers), content, str(answer.url))


def _decoded(content: bytes, encoding: str, limit: int) -> bytes:
    """Some servers compress although they were asked not to."""
    if encoding in ("identity", ""):
        return content
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise HttpFailed(f"the answer is encoded as {encoding}, which was not asked for", sent=True)
    unpacking = zlib.decompressobj(_GZIP_OR_ZLIB)
    try:
        plain = unpacking.decompress(content, limit + 1)
    except zlib.error as wrong:
        raise HttpFailed("the answer is damaged", sent=True) from wrong
    if len(plain) > limit:
        raise TooLarge(f"the answer unpacks to more than {limit} bytes")
    return plain
