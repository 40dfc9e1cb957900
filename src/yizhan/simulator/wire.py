"""What a vendor is asked and what it answers, as plain values; a route is a method of the vendor."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec


class Part(msgspec.Struct, frozen=True):
    """One field of a form; a file where it has a name."""

    name: str
    file: str
    type: str
    content: bytes


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """`args` are the names in the route's path. Header names in lower case."""

    method: str
    path: str
    args: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    raw_query: str = ""

    def json(self) -> dict[str, Any]:
        """Empty when it is no JSON object."""
        try:
            said = json.loads(self.body)
        except ValueError:
            return {}
        return said if isinstance(said, dict) else {}

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))

    def parts(self) -> list[Part]:
        """Of a multipart form."""
        head = b"content-type: " + self.headers.get("content-type", "").encode() + b"\r\n\r\n"
        whole: Any = BytesParser(policy=HTTP).parsebytes(head + self.body)
        return [
            Part(
                str(each.get_param("name", "", "content-disposition")), each.get_filename() or "",
                each.get_content_type(), each.get_payload(decode=True) or b"",
            )
            for each in whole.iter_parts()
        ]  # fmt: skip

    def file(self) -> Part | None:
        return next((each for each in self.parts() if each.file), None)


class Answer(msgspec.Struct, frozen=True):
    body: bytes = b""
    status: int = 200
    media_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = {}


def as_json(said: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(body, status, "application/json; charset=utf-8", headers or {})


def as_page(text: str, status: int = 200) -> Answer:
    return Answer(text.encode(), status, "text/html; charset=utf-8")


V = TypeVar("V")
Handler = Callable[[V, Call], Awaitable[Answer]]
_MARK = "__routes__"


def route(method: str, path: str) -> Callable[[Handler[V]], Handler[V]]:
    """`{name}` in the path stands for what is between two slashes (or beside fixed letters), `{name*}` for all the
    rest."""

    def marked(handler: Handler[V]) -> Handler[V]:
        setattr(handler, _MARK, [*getattr(handler, _MARK, []), (method, _pattern(path))])
        return handler

    return marked


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+\*?)\}", path)
    names = [f"(?P<{p[:-1]}>.+)" if p.endswith("*") else f"(?P<{p}>[^/]+)" for p in parts[1::2]]
    fixed = [re.escape(p) for p in parts[0::2]]
    return re.compile("".join(a + b for a, b in zip(fixed, [*names, ""], strict=True)))


class Routes:
    """The routes of an object, the fixed ones before those with names."""

    def __init__(self, owner: object) -> None:
        found = [
            (method, pattern, getattr(owner, name))
            for name in dir(type(owner))
            for method, pattern in getattr(getattr(type(owner), name), _MARK, ())
        ]
        self._routes: list[tuple[str, re.Pattern[str], Callable[[Call], Awaitable[Answer]]]] = sorted(
            found, key=lambda each: each[1].groups
        )

    def find(self, method: str, path: str) -> tuple[Callable[[Call], Awaitable[Answer]], dict[str, str]] | None:
        for wanted, pattern, handler in self._routes:
            if wanted == method and (match := pattern.fullmatch(path)):
                return handler, match.groupdict()
        return None


def query_of(raw: str) -> dict[str, str]:
    return dict(parse_qsl(raw, keep_blank_values=True))


def headers_of(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in raw}
