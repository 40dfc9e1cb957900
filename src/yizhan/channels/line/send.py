"""Pushing under a retry key: LINE knows for a day what it has had before, so a lost answer is asked for again."""

from __future__ import annotations

from collections import deque
from typing import Any

import msgspec

from yizhan.channels.line.errors import Refusal, failure
from yizhan.channels.line.render import render, token_for
from yizhan.channels.line.settings import LineSettings
from yizhan.desk.channels import Fetched, Line, MediaGone, VendorSender, call, understood
from yizhan.desk.outbound import ErrorClass, Letter, Receipt, SendFailed
from yizhan.foundation.http import HttpFailed, Response
from yizhan.records.inboxes import Check

_KNOWN = 409
_LATER = 202
_STALE = "invalid reply token"
_QUOTA = "/v2/bot/message/quota"


_USED: deque[str] = deque(maxlen=1_000)
"""Of this process, whichever inbox: a token is good once. One forgotten costs a refusal, then it is pushed."""


class _Id(msgspec.Struct):
    id: str = ""


class _Sent(msgspec.Struct, rename="camel"):
    sent_messages: list[_Id] = []


class LineSender(VendorSender):
    """Within the minute of a customer's words the answer goes by their reply token, once, and costs nothing; after that
    it is pushed. A lost answer to a push is asked for again; a reply that may have arrived is not repeated."""

    async def send(self, letter: Letter) -> Receipt:
        token = token_for(letter)
        if token and letter.attempt == 1 and token not in _USED:
            _USED.append(token)
            receipt = await self._reply(letter, token)
            if receipt is not None:
                return receipt
        return await self._push(letter)

    async def _reply(self, letter: Letter, token: str) -> Receipt | None:
        """None where LINE no longer takes the token."""
        body = render(letter, self._line.account.settings, reply=token)
        try:
            answer = await ask(self._line, "POST", "/v2/bot/message/reply", body, repeatable=False)
        except SendFailed as failure:
            if _STALE in failure.message.lower():
                return None
            raise
        sent = understood(answer, _Sent, attempt=letter.attempt).sent_messages
        return Receipt(sent[0].id if sent else "")

    async def _push(self, letter: Letter) -> Receipt:
        body = render(letter, self._line.account.settings)
        key = {"x-line-retry-key": str(letter.message_id)}
        answer = await ask(self._line, "POST", "/v2/bot/message/push", body, attempt=letter.attempt, headers=key)
        if answer.status == _KNOWN:
            return Receipt(answer.headers.get("x-line-accepted-request-id", ""))
        sent = understood(answer, _Sent, attempt=letter.attempt, repeatable=True).sent_messages
        return Receipt(sent[0].id if sent else "")


async def ask(
    line: Line, method: str, path: str, body: bytes | None = None, *, attempt: int = 1,
    headers: dict[str, str] | None = None, repeatable: bool = True,
) -> Response:  # fmt: skip
    """An answer that is a success, or says that it had this before. Raises SendFailed."""
    settings: LineSettings = line.account.settings
    token = line.account.secrets.access_token
    if not token:
        raise SendFailed(ErrorClass.AUTH, "没有填写访问令牌 there is no access token")
    answer = await call(
        line, method, settings.base_url.rstrip("/") + path, attempt=attempt, repeatable=repeatable, content=body,
        headers={"authorization": f"Bearer {token}", "content-type": "application/json", **(headers or {})},
        timeout=settings.timeout,
    )  # fmt: skip
    if answer.ok or answer.status == _KNOWN:
        return answer
    raise failure(answer, understood(answer, Refusal, attempt=attempt, repeatable=repeatable), attempt)


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
    left = await _quota(line)
    wanted = line.account.settings.bot_id
    same = not wanted or wanted == found.get("userId")
    return [Check("account", same, str(found.get("displayName", "")), hint_zh="" if same else "Bot 编号是另一个账号的",
                  hint_en="" if same else "the bot id is another account's"), *left, ours]  # fmt: skip


class _Quota(msgspec.Struct, rename="camel"):
    type: str = ""
    value: int = 0
    total_usage: int = 0


async def _quota(line: Line) -> list[Check]:
    """How many of the month's pushes are used; nothing where LINE does not say."""
    try:
        most = understood(await ask(line, "GET", _QUOTA), _Quota, attempt=1)
        used = understood(await ask(line, "GET", f"{_QUOTA}/consumption"), _Quota, attempt=1).total_usage
    except SendFailed:
        return []
    if most.type != "limited":
        return [Check("push_quota", True, str(used))]
    spent = used >= most.value
    return [Check("push_quota", not spent, f"{used} / {most.value}",
                  hint_zh="本月推送条数已用完:只能在客户来信一分钟内回复" if spent else "",
                  hint_en="the month's pushes are used up: only quick replies go" if spent else "")]  # fmt: skip
