"""Calls of the API of 企业微信: its token, its answers and its media, the same for 微信客服 and applications."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import quote, urlencode

import msgspec

from yizhan.channels.wechat.qycodes import FETCH_GONE, SECRET_WRONG, TOKEN_BAD, TRANSIENT, class_of, words_of
from yizhan.channels.wechat.xml import Tree, read_json, text_of
from yizhan.desk.channels import Fetched, Granted, Line, MediaGone, TokenRefused, with_token
from yizhan.desk.outbound import ErrorClass, SendFailed
from yizhan.foundation.errors import DomainError, Invalid, TooLarge
from yizhan.foundation.http import FormFile, HttpFailed, HttpRefused, Response, multipart

API = "https://qyapi.weixin.qq.com"
TOKEN = "wecom"  # noqa: S105 - the name it is kept under
_FIRST_PAUSE = timedelta(seconds=5)
_MOST_TRIES = 4

Url = Annotated[str, msgspec.Meta(max_length=500, pattern=r"^https?://\S+$")]
CorpId = Annotated[str, msgspec.Meta(max_length=64, pattern=r"^[0-9A-Za-z_-]*$")]


class QySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`corp_id` is whom callbacks are encrypted for. `timeout` in seconds; `signed_seconds` is how old a callback may
    be, 0 for any age: what it brings is taken once anyway."""

    corp_id: CorpId = ""
    base_url: Url = API
    timeout: Annotated[float, msgspec.Meta(ge=1, le=60)] = 10.0
    signed_seconds: Annotated[int, msgspec.Meta(ge=0, le=86_400)] = 0
    media_days: Annotated[int, msgspec.Meta(ge=1, le=30)] = 3


class QySecrets(msgspec.Struct, frozen=True, kw_only=True):
    """`corp_secret` calls, `token` and `aes_key` are those of callbacks."""

    corp_secret: str = ""
    token: str = ""
    aes_key: str = ""


class Refused(DomainError):  # noqa: N818 - what happened
    """The vendor answered, and not with yes."""

    code = "vendor_refused"

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(f"{errcode} {words_of(errcode) or errmsg}"[:300])
        self.errcode = errcode


async def call(line: Line, path: str, body: Any, *, seconds: float | None = None) -> Tree:
    """Posts `body` as JSON. Raises Refused, HttpFailed, HttpRefused, TooLarge, or TokenRefused when even a fresh token
    is refused. `seconds` instead of the inbox's time-out."""
    answer: Tree = await _with_token(line, lambda token: _post(line, path, token, body, seconds))
    return answer


async def asked(line: Line, path: str, **query: str) -> Tree:
    """Gets what `query` asks for. Raises what `call` raises."""

    async def once(token: str) -> Tree:
        url = _url(line, path, access_token=token, **query)
        return said(await line.http.request("GET", url, timeout=line.account.settings.timeout))

    answer: Tree = await _with_token(line, once)
    return answer


async def upload(line: Line, kind: str, name: str, type: str, content: bytes) -> str:
    """The id under which the vendor keeps a file for three days."""
    content_type, form = multipart({}, [FormFile("media", name, type, content)])

    async def once(token: str) -> Tree:
        url = _url(line, "/cgi-bin/media/upload", access_token=token, type=kind)
        headers = {"Content-Type": content_type}
        timeout = line.account.settings.timeout
        return said(await line.http.request("POST", url, headers=headers, content=form, timeout=timeout))

    return text_of(await _with_token(line, once), "media_id")


async def fetch(line: Line, ref: Mapping[str, str]) -> Fetched:
    """A file of a customer. Raises MediaGone once the vendor has dropped it."""

    async def once(token: str) -> Fetched:
        url = _url(line, "/cgi-bin/media/get", access_token=token, media_id=ref.get("media_id", ""))
        answer = await line.http.request("GET", url, timeout=max(line.account.settings.timeout, 30.0))
        if _is_json(answer):
            said(answer)
        if not answer.ok or not answer.content:
            raise HttpFailed(f"HTTP {answer.status}", sent=True)
        return Fetched(answer.content, answer.file_name, answer.headers.get("content-type", "").partition(";")[0])

    try:
        found: Fetched = await _with_token(line, once)
    except Refused as refusal:
        if refusal.errcode in FETCH_GONE:
            raise MediaGone(refusal.message) from refusal
        raise
    return found


async def _with_token(line: Line, once: Callable[[str], Awaitable[Any]]) -> Any:
    return await with_token(line, TOKEN, lambda: granted(line), once)


async def granted(line: Line) -> Granted:
    """Raises Refused for a wrong secret."""
    settings, secrets = line.account.settings, line.account.secrets
    url = f"{settings.base_url}/cgi-bin/gettoken?" + urlencode(
        {"corpid": settings.corp_id, "corpsecret": secrets.corp_secret}
    )
    answer = read_json((await line.http.request("GET", url, timeout=settings.timeout)).content)
    token, code = text_of(answer, "access_token"), _code(answer)
    if code or not token:
        raise Refused(code or -1, text_of(answer, "errmsg"))
    return Granted(token, float(text_of(answer, "expires_in") or 7200))


async def _post(line: Line, path: str, token: str, body: Any, seconds: float | None) -> Tree:
    timeout = seconds or line.account.settings.timeout
    return said(await line.http.request("POST", _url(line, path, access_token=token), json=body, timeout=timeout))


def said(answer: Response) -> Tree:
    """Raises TokenRefused, Refused, and HttpFailed for what is no answer of this vendor."""
    if not answer.ok:
        raise HttpFailed(f"HTTP {answer.status}", sent=True)
    try:
        found = read_json(answer.content)
    except Invalid as wrong:
        raise HttpFailed(f"the answer is {wrong.message}", sent=True) from wrong
    code = _code(found)
    if code in TOKEN_BAD:
        raise TokenRefused(f"{code} {words_of(code)}")
    if code:
        raise Refused(code, text_of(found, "errmsg"))
    return found


def failure_of(error: DomainError, attempt: int) -> SendFailed:
    """What a failed call means for a message. The vendor knows a repetition, so what may have arrived is sent again."""
    again = pause(attempt)
    if isinstance(error, HttpFailed):
        return SendFailed(ErrorClass.TRANSIENT, error.message, retry_after=again, ambiguous=error.sent and not again)
    if isinstance(error, Refused):
        if error.errcode in SECRET_WRONG:
            return SendFailed(ErrorClass.AUTH, error.message)
        found = class_of(error.errcode)
        wait = again if error.errcode in TRANSIENT or found is ErrorClass.THROTTLE else None
        return SendFailed(found, error.message, retry_after=wait)
    if isinstance(error, TokenRefused):
        return SendFailed(ErrorClass.AUTH, error.message)
    if isinstance(error, HttpRefused | TooLarge):
        return SendFailed(ErrorClass.BAD_REQUEST, error.message)
    return SendFailed(ErrorClass.TRANSIENT, error.message, retry_after=again)


def pause(attempt: int) -> timedelta | None:
    """Doubles from five seconds; None when it has been tried often enough."""
    return _FIRST_PAUSE * (1 << max(0, attempt - 1)) if attempt < _MOST_TRIES else None


def _url(line: Line, path: str, **query: str) -> str:
    return f"{line.account.settings.base_url}{path}?{urlencode(query, quote_via=quote)}"


def _code(answer: Tree) -> int:
    try:
        return int(text_of(answer, "errcode") or 0)
    except ValueError:
        return -1


def _is_json(answer: Response) -> bool:
    kind = answer.headers.get("content-type", "")
    return "json" in kind or ("text/plain" in kind and answer.content[:1] == b"{")
