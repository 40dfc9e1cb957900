"""One question to the other side: filled in, signed in, in time, and what came of it by class."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import quote, urlencode
from uuid import UUID

import msgspec

from yizhan.desk.connectors.documents import PLACE, SECRETS, Connector, LookUp, Pull
from yizhan.desk.connectors.model import CallFailed, Outage
from yizhan.foundation.clock import Clock
from yizhan.foundation.errors import RateLimited, TooLarge
from yizhan.foundation.http import HttpFailed, HttpRefused, Response
from yizhan.foundation.tokens import Granted, Tokens

_TOKEN_BYTES = 64_000
_DEFAULT_LIFE_S = 300.0
_NAME = "access"
_HTML = re.compile(rb"^\s*(<!doctype|<html|<\?xml|<head|<body|<!--)", re.IGNORECASE)


class Wire(Protocol):
    """What carries a question: foundation/http, or what stands in for it."""

    async def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, content: bytes | None = None,
        timeout: float = ..., max_bytes: int | None = None,  # noqa: ASYNC109 - the bound of the whole request
    ) -> Response: ...  # fmt: skip


class Caller:
    """Of one process."""

    def __init__(self, http: Wire, clock: Clock, tokens: Tokens) -> None:
        self._http = http
        self._clock = clock
        self._tokens = tokens

    async def ask(
        self, connector: Connector, secrets: Mapping[str, str], question: Pull | LookUp, values: Mapping[str, str],
        seconds: float,
    ) -> object:  # fmt: skip
        """The answer as JSON; None for a look-up of somebody who is not known there. Raises CallFailed.

        `seconds` are for all of it, the token included.
        """
        for name in SECRETS[connector.auth.kind]:
            if not secrets.get(name):
                raise CallFailed(Outage.SETUP, f"the secret {name} is not set")
        try:
            async with asyncio.timeout(seconds):
                response = await self._call(connector, secrets, question, values, seconds)
                if response.status == 401 and connector.auth.kind == "oauth2":
                    token = await self._token(connector, secrets, seconds)  # revoked before its time
                    await self._tokens.refused(_owner(connector, secrets), _NAME, token)
                    response = await self._call(connector, secrets, question, values, seconds)
        except TimeoutError:
            raise CallFailed(Outage.TIMEOUT, f"no answer within {seconds:g} s") from None
        if response.status == 404 and isinstance(question, LookUp) and not _is_html(response):
            return None
        return read_json(response)

    async def _call(
        self, connector: Connector, secrets: Mapping[str, str], question: Pull | LookUp, values: Mapping[str, str],
        seconds: float,
    ) -> Response:  # fmt: skip
        headers = {
            "Accept": "application/json",
            **connector.headers,
            **await self._signed_in(connector, secrets, seconds),
        }
        content = None
        if question.method == "POST":
            content = filled_json(question.body, values).encode()
            headers.setdefault("Content-Type", "application/json")
        url = filled_url(question.url, values)
        return await self._sent(
            question.method, url, headers, content, seconds, connector.most_kb * 1024
        )  # fmt: skip

    async def _sent(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes | None, seconds: float, most: int
    ) -> Response:
        try:
            return await self._http.request(
                method, url, headers=headers, content=content, timeout=seconds, max_bytes=most
            )  # fmt: skip
        except TooLarge as large:
            raise CallFailed(Outage.TOO_LARGE, large.message) from large
        except HttpRefused as refused:
            raise CallFailed(
                Outage.BLOCKED, f"{refused.message}; hosts of the intranet are named by YIZHAN_ALLOW_HOSTS"
            ) from refused
        except HttpFailed as failed:
            if "no answer within" in failed.message:
                raise CallFailed(Outage.TIMEOUT, failed.message) from failed
            raise CallFailed(Outage.UNREACHABLE, failed.message) from failed

    async def _signed_in(self, connector: Connector, secrets: Mapping[str, str], seconds: float) -> dict[str, str]:
        auth = connector.auth
        if auth.kind == "api_key":
            return {auth.header: auth.prefix + secrets["key"]}
        if auth.kind == "basic":
            pair = f"{secrets['user']}:{secrets['password']}".encode()
            return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
        if auth.kind == "oauth2":
            return {"Authorization": f"Bearer {await self._token(connector, secrets, seconds)}"}
        return {}

    async def _token(self, connector: Connector, secrets: Mapping[str, str], seconds: float) -> str:
        async def ask() -> Granted:
            return await self._fetch_token(connector, secrets, seconds)

        try:
            return await self._tokens.token(_owner(connector, secrets), _NAME, ask)
        except RateLimited as limited:
            raise CallFailed(Outage.DENIED, "it does not take a token that was just given", "auth") from limited

    async def _fetch_token(self, connector: Connector, secrets: Mapping[str, str], seconds: float) -> Granted:
        form = {
            "grant_type": "client_credentials", "client_id": secrets["client_id"],
            "client_secret": secrets["client_secret"],
        }  # fmt: skip
        if connector.auth.scope:
            form["scope"] = connector.auth.scope
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        response = await self._sent(
            "POST", connector.auth.token_url, headers, urlencode(form).encode(), seconds, _TOKEN_BYTES
        )  # fmt: skip
        if response.status in (400, 401, 403):
            raise CallFailed(Outage.DENIED, f"the token server refuses us (HTTP {response.status})", "auth")
        said = read_json(response)
        token = said.get("access_token") if isinstance(said, dict) else None
        if not isinstance(token, str) or not token or not token.isprintable():
            raise CallFailed(Outage.SHAPE, "the token server answered without an access_token", "auth.token_url")
        life = said.get("expires_in") if isinstance(said, dict) else None
        counted = isinstance(life, int | float) and not isinstance(life, bool) and 0 < life < 10**8
        return Granted(token, float(life) if counted and life is not None else _DEFAULT_LIFE_S)


def filled_url(template: str, values: Mapping[str, str]) -> str:
    return PLACE.sub(lambda place: quote(values.get(place[1], ""), safe=""), template)


def filled_json(template: str, values: Mapping[str, str]) -> str:
    """What is filled in stays inside its quotes."""
    return PLACE.sub(lambda place: msgspec.json.encode(values.get(place[1], "")).decode()[1:-1], template)


def read_json(response: Response) -> object:
    """Raises CallFailed by class. What the other side wrote is not repeated: it may be about a customer."""
    status = response.status
    if status in (401, 403):
        raise CallFailed(Outage.DENIED, f"it does not let us in (HTTP {status})")
    if status == 429:
        raise CallFailed(Outage.LIMITED, "it was asked too often (HTTP 429)")
    if 300 <= status < 400:
        raise CallFailed(Outage.STATUS, f"it sends us elsewhere (HTTP {status}): name the new address")
    if not response.ok:
        raise CallFailed(Outage.STATUS, f"it answers with HTTP {status}")
    if _is_html(response):
        raise CallFailed(Outage.HTML, "a web page came instead of JSON: often a sign-in page or a proxy")
    try:
        return msgspec.json.decode(response.content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        where = f": {wrong}" if isinstance(wrong, msgspec.DecodeError) else ""
        raise CallFailed(Outage.NOT_JSON, f"what came is no JSON{where}"[:200]) from wrong


def _is_html(response: Response) -> bool:
    return "html" in response.headers.get("content-type", "").lower() or bool(_HTML.match(response.content[:200]))


def _owner(connector: Connector, secrets: Mapping[str, str]) -> UUID:
    """Other credentials have another token."""
    said = [connector.auth.token_url, connector.auth.scope, secrets.get("client_id"), secrets.get("client_secret")]
    return UUID(bytes=hashlib.sha256(msgspec.json.encode(said)).digest()[:16])
