"""The way out: an access token got with the refresh token, one call for a reply."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import msgspec

from yizhan.channels.douyin.errors import Answered, refusal
from yizhan.channels.douyin.render import render
from yizhan.desk.channels import Granted, Line, TokenRefused, VendorSender, call, understood, with_token
from yizhan.desk.outbound import ErrorClass, Letter, Receipt, SendFailed

_SEND = "/im/send/msg/"
_RECALL = "/im/recall/msg/"
_REFRESH = "/oauth/refresh_token/"
_RENEW = "/oauth/renew_refresh_token/"
_THIRTY_DAYS = 30 * 86_400.0
_FORM = {"content-type": "application/x-www-form-urlencoded"}


class DouyinSender(VendorSender):
    """Douyin takes no id of ours, so what may have arrived is not sent again."""

    async def send(self, letter: Letter) -> Receipt:
        body = render(letter, self._line.account.settings)
        said = await ask(self._line, "POST", _SEND, body, attempt=letter.attempt)
        return Receipt(f"{body['conversation_id']}/{said.text('msg_id')}")


async def recall(line: Line, vendor_id: str, _: dict[str, Any]) -> None:
    """Raises SendFailed."""
    conversation, message = vendor_id.rsplit("/", 1)
    body = {"conversation_id": conversation, "conversation_type": 1, "msg_id": message}
    await ask(line, "POST", _RECALL, body, attempt=1)


async def ask(
    line: Line, method: str, path: str, body: Any = None, *, attempt: int, query: dict[str, str] | None = None,
    repeatable: bool = False,
) -> Answered:  # fmt: skip
    """One call with a living token. Raises SendFailed."""
    settings = line.account.settings
    url = f"{settings.api_url}{path}?{urlencode({'open_id': settings.open_id, **(query or {})})}"
    content = msgspec.json.encode(body) if body is not None else None

    async def with_this(token: str) -> Answered:
        headers = {"access-token": token, "content-type": "application/json"}
        answer = await call(
            line, method, url, headers=headers, content=content, attempt=attempt, timeout=settings.timeout,
            repeatable=repeatable,
        )  # fmt: skip
        said = understood(answer, Answered, attempt=attempt, repeatable=repeatable)
        if wrong := refusal(said, attempt):
            raise wrong
        return said

    try:
        found: Answered = await with_token(line, "access", lambda: refreshed(line), with_this)
    except TokenRefused as refused:
        raise SendFailed(ErrorClass.AUTH, refused.message) from refused
    return found


async def refreshed(line: Line) -> Granted:
    """Raises SendFailed."""
    said = await tokens(line, await refresh_token(line))
    return Granted(said.text("access_token"), _seconds(said, "expires_in", 3_600.0))


async def refresh_token(line: Line) -> str:
    """The one a person entered, or what it was renewed to: it lives thirty days and is renewed five times at most."""

    async def renew(token: str, entered: bool) -> Granted:
        if entered:
            return Granted(token, _seconds(await tokens(line, token), "refresh_expires_in", _THIRTY_DAYS))
        said = await _asked(line, _RENEW, {"refresh_token": token})
        if not said.text("refresh_token"):
            raise SendFailed(ErrorClass.AUTH, "抖音没有给出 refresh_token / Douyin gave no refresh token")
        return Granted(said.text("refresh_token"), _seconds(said, "expires_in", _THIRTY_DAYS))

    return await line.lasting(line.account.secrets.refresh_token, renew)


async def tend(line: Line) -> None:
    """Renews the authorisation in time though nobody writes. Raises SendFailed."""
    if line.account.secrets.refresh_token:
        await refresh_token(line)


async def tokens(line: Line, refresh: str) -> Answered:
    """A new access token; how long the refresh token still lives stands beside it. Raises SendFailed."""
    said = await _asked(line, _REFRESH, {"grant_type": "refresh_token", "refresh_token": refresh})
    if not said.text("access_token"):
        raise SendFailed(ErrorClass.AUTH, "抖音没有给出 access_token / Douyin gave no access token")
    return said


async def _asked(line: Line, path: str, form: dict[str, str]) -> Answered:
    settings = line.account.settings
    content = urlencode({"client_key": settings.client_key, **form}).encode()
    answer = await call(
        line, "POST", settings.api_url + path, headers=_FORM, content=content, attempt=1, timeout=settings.timeout,
        repeatable=True,
    )  # fmt: skip
    said = understood(answer, Answered, attempt=1, repeatable=True)
    if wrong := refusal(said, 1):
        raise SendFailed(ErrorClass.AUTH, str(wrong)) from wrong
    return said


def _seconds(said: Answered, name: str, usual: float) -> float:
    found = (said.data or {}).get(name)
    return float(found) if isinstance(found, int | float) and found > 0 else usual
