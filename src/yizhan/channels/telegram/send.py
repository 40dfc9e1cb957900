"""The bot's methods: sending, taking back, fetching files, and telling Telegram where we are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, TypeVar

import msgspec

from yizhan.channels.telegram.errors import Answer, failure
from yizhan.channels.telegram.render import render
from yizhan.channels.telegram.settings import TelegramSettings
from yizhan.desk.channels import Fetched, Line, MediaGone, VendorSender, call, understood
from yizhan.desk.outbound import ErrorClass, Letter, Limit, Receipt, SendFailed
from yizhan.foundation.errors import TooLarge
from yizhan.foundation.http import FormFile, HttpFailed, multipart
from yizhan.records.inboxes import Check

T = TypeVar("T")


class _Message(msgspec.Struct):
    message_id: int = 0


class _File(msgspec.Struct):
    file_path: str = ""
    file_size: int = 0


class _Webhook(msgspec.Struct):
    url: str = ""
    last_error_message: str = ""


class TelegramSender(VendorSender):
    """Telegram does not know a message it has had before and reports nothing later."""

    @property
    def limits(self) -> Sequence[Limit]:
        return (Limit(self._line.account.settings.a_second, timedelta(seconds=1)),)

    async def send(self, letter: Letter) -> Receipt:
        method = render(letter, self._line.account.settings)
        files = []
        if method.file_field:
            [file] = letter.files
            files = [FormFile(method.file_field, file.name, file.type, await self._line.load(file.hash))]
        sent = await ask(self._line, method.name, _Message, method.fields, files=files, attempt=letter.attempt)
        return Receipt(f"{letter.to}:{sent.message_id}")


async def ask(
    line: Line, name: str, kind: type[T], fields: dict[str, str], *, files: Sequence[FormFile] = (), attempt: int = 1,
    repeatable: bool = False,
) -> T:  # fmt: skip
    """Raises SendFailed."""
    settings: TelegramSettings = line.account.settings
    token = line.account.secrets.bot_token
    if not token:
        raise SendFailed(ErrorClass.AUTH, "没有填写机器人令牌 there is no bot token")
    content_type, content = multipart(fields, files) if files else ("application/json", msgspec.json.encode(fields))
    answer = await call(
        line, "POST", f"{settings.base_url.rstrip('/')}/bot{token}/{name}", attempt=attempt, repeatable=repeatable,
        headers={"content-type": content_type}, content=content, timeout=settings.timeout,
    )  # fmt: skip
    said = understood(answer, Answer, attempt=attempt, repeatable=repeatable)
    if not said.ok:
        raise failure(said, attempt)
    return msgspec.json.decode(said.result, type=kind)


async def fetch(line: Line, ref: dict[str, str]) -> Fetched:
    """Raises MediaGone, TooLarge for what a bot may not fetch, or HttpFailed when it may be had later."""
    settings: TelegramSettings = line.account.settings
    try:
        found = await ask(line, "getFile", _File, {"file_id": ref["id"]}, repeatable=True)
    except SendFailed as wrong:
        if "too big" in wrong.message:
            raise TooLarge(wrong.message) from wrong
        if wrong.error_class is ErrorClass.BAD_REQUEST:
            raise MediaGone(wrong.message) from wrong
        raise HttpFailed(wrong.message, sent=True) from wrong
    url = f"{settings.base_url.rstrip('/')}/file/bot{line.account.secrets.bot_token}/{found.file_path}"
    answer = await line.http.request("GET", url, timeout=settings.timeout, max_bytes=settings.fetched_bytes)
    if answer.status == 404:
        raise MediaGone("the file is gone")
    if not answer.ok:
        raise HttpFailed(f"HTTP {answer.status}", sent=True)
    return Fetched(answer.content, found.file_path.rpartition("/")[2])


async def recall(line: Line, vendor_id: str, payload: dict[str, Any]) -> None:
    """Raises SendFailed where it is too late."""
    chat, _, number = vendor_id.rpartition(":")
    await ask(line, "deleteMessage", bool, {"chat_id": chat, "message_id": number}, repeatable=True)


async def check(line: Line) -> list[Check]:
    """Who the bot is, and what Telegram says of our address."""
    named = bool(line.account.secrets.webhook_token)
    ours = Check("webhook_token", named, hint_zh="" if named else "自己定一个口令并填写",
                 hint_en="" if named else "make up a token and enter it")  # fmt: skip
    try:
        await ask(line, "getMe", dict[str, Any], {}, repeatable=True)
        hook = await ask(line, "getWebhookInfo", _Webhook, {}, repeatable=True)
    except SendFailed as wrong:
        return [Check("bot", False, wrong.message), ours]
    told = bool(hook.url) and not hook.last_error_message
    return [Check("bot", True), ours, Check(
        "webhook", told, hook.last_error_message or hook.url,
        hint_zh="" if told else "按步骤调用 setWebhook,并确认回调地址能从公网访问",
        hint_en="" if told else "call setWebhook as the steps say; the address must be reachable from the internet",
    )]  # fmt: skip
