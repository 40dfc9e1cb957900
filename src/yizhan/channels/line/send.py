"""Pushing under a retry key: LINE knows for a day what it has had before, so a lost answer is asked for again."""

from __future__ import annotations

from typing import Any

import msgspec

from yizhan.channels.line.errors import Refusal, failure
from yizhan.channels.line.render import render
from yizhan.channels.line.settings import LineSettings
from yizhan.desk.channels import Fetched, Line, MediaGone, call, understood
from yizhan.desk.outbound import ErrorClass, Letter, Mark, Receipt, SendFailed
from yizhan.foundation.http import HttpFailed, Response
from yizhan.records.inboxes import Check

_KNOWN = 409
_LATER = 202


class _Id(msgspec.Struct):
    id: str = ""


class _Sent(msgspec.Struct, rename="camel"):
    sent_messages: list[_Id] = []


class LineSender:
    def __init__(self, line: Line) -> None:
        self._line = line

    @property
    def idempotent(self) -> bool:
        return True

    def mark(self, letter: Letter) -> Mark | None:
        return None

    async def send(self, letter: Letter) -> Receipt:
        body = render(letter, self._line.account.settings)
        key = {"x-line-retry-key": str(letter.message_id)}
        answer = await ask(self._line, "POST", "/v2/bot/message/push", body, attempt=letter.attempt, headers=key)
        if answer.status == _KNOWN:
            return Receipt(answer.headers.get("x-line-accepted-request-id", ""))
        sent = understood(answer, _Sent, attempt=letter.attempt, repeatable=True).sent_messages
        return Receipt(sent[0].id if sent else "")

    async def close(self) -> None:
        """The client belongs to the process."""


async def ask(
    line: Line, method: str, path: str, body: bytes | None = None, *, attempt: int = 1,
    headers: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    """An answer that is a success, or says that it had this before. Raises SendFailed."""
    settings: LineSettings = line.account.settings
    token = line.account.secrets.access_token
    if not token:
        raise SendFailed(ErrorClass.AUTH, "没有填写访问令牌 there is no access token")
    answer = await call(
        line, method, settings.base_url.rstrip("/") + path, attempt=attempt, repeatable=True, content=body,
        headers={"authorization": f"Bearer {token}", "content-type": "application/json", **(headers or {})},
        timeout=settings.timeout,
    )  # fmt: skip
    if answer.ok or answer.status == _KNOWN:
        return answer
    raise failure(answer, understood(answer, Refusal, attempt=attempt, repeatable=True), attempt)


async def fetch(line: Line, ref: dict[str, str]) -> Fetched:
    """Raises MediaGone, or HttpFailed when it may be had later: LINE prepares sound and film first."""
    settings: LineSettings = line.account.settings
    headers = {}
    url = ref.get("url", "")
    if not url:
        url = f"{settings.content_url.rstrip('/')}/v2/bot/message/{ref['id']}/content"
        headers["authorization"] = f"Bearer {line.account.secrets.access_token}"
    answer = await line.http.request("GET", url, headers=headers, timeout=settings.timeout, follow=not headers)
    if answer.status in (404, 410):
        raise MediaGone("the file is gone")
    if answer.status == _LATER or not answer.ok:
        raise HttpFailed(f"HTTP {answer.status}", sent=True)
    return Fetched(answer.content, type=answer.headers.get("content-type", "").partition(";")[0])


async def check(line: Line) -> list[Check]:
    """Who the account is; a bot id that is another's would have everything refused."""
    named = bool(line.account.secrets.channel_secret)
    ours = Check("channel_secret", named, hint_zh="" if named else "填写 Channel secret,否则来信无法验签",
                 hint_en="" if named else "enter it, or nothing LINE sends is believed")  # fmt: skip
    try:
        found = understood(await ask(line, "GET", "/v2/bot/info"), dict[str, Any], attempt=1)
    except SendFailed as wrong:
        return [Check("account", False, wrong.message), ours]
    wanted = line.account.settings.bot_id
    same = not wanted or wanted == found.get("userId")
    return [Check("account", same, str(found.get("displayName", "")), hint_zh="" if same else "Bot 编号是另一个账号的",
                  hint_en="" if same else "the bot id is another account's"), ours]  # fmt: skip
