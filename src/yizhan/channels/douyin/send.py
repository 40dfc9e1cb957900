"""The way out: an access token got with the refresh token, one call for a reply."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import msgspec

from yizhan.channels.douyin.errors import Answered, refusal
from yizhan.channels.douyin.render import render
from yizhan.desk.channels import Granted, Line, TokenRefused, call, understood, with_token
from yizhan.desk.outbound import ErrorClass, Letter, Mark, Receipt, SendFailed

_SEND = "/im/send/msg/"
_RECALL = "/im/recall/msg/"
_REFRESH = "/oauth/refresh_token/"
_FORM = {"content-type": "application/x-www-form-urlencoded"}


class DouyinSender:
    """Douyin takes no id of ours, so what may have arrived is not sent again."""

    def __init__(self, line: Line) -> None:
        self._line = line

    @property
    def idempotent(self) -> bool:
        return False

    def mark(self, letter: Letter) -> Mark | None:
        return None

    async def send(self, letter: Letter) -> Receipt:
        body = render(letter, self._line.account.settings)
        said = await ask(self._line, "POST", _SEND, body, attempt=letter.attempt)
        return Receipt(f"{body['conversation_id']}/{said.text('msg_id')}")

    async def close(self) -> None:
        """The client belongs to the process."""


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
    said = await tokens(line)
    seconds = (said.data or {}).get("expires_in")
    return Granted(said.text("access_token"), float(seconds) if isinstance(seconds, int | float) else 3600.0)


async def tokens(line: Line) -> Answered:
    """A new access token; how long the refresh token still lives stands beside it. Raises SendFailed."""
    settings, secrets = line.account.settings, line.account.secrets
    form = {
        "client_key": settings.client_key, "grant_type": "refresh_token", "refresh_token": secrets.refresh_token,
    }  # fmt: skip
    answer = await call(
        line, "POST", settings.api_url + _REFRESH, headers=_FORM, content=urlencode(form).encode(), attempt=1,
        timeout=settings.timeout, repeatable=True,
    )  # fmt: skip
    said = understood(answer, Answered, attempt=1, repeatable=True)
    if wrong := refusal(said, 1):
        raise SendFailed(ErrorClass.AUTH, str(wrong)) from wrong
    if not said.text("access_token"):
        raise SendFailed(ErrorClass.AUTH, "抖音没有给出 access_token / Douyin gave no access token")
    return said
