"""The Graph API: every call carries the token, and proves that we know the app's secret."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from yizhan.channels.meta.door import proof
from yizhan.channels.meta.errors import GraphError, failure
from yizhan.channels.meta.settings import MetaSettings
from yizhan.desk.channels import Fetched, Line, MediaGone, call, understood
from yizhan.desk.outbound import ErrorClass, SendFailed
from yizhan.foundation.http import HttpFailed
from yizhan.records.inboxes import Check

T = TypeVar("T")
_GONE = (400, 404, 410)


class _Wrong(msgspec.Struct):
    error: GraphError | None = None


async def ask(
    line: Line, method: str, path: str, kind: type[T], *, attempt: int = 1, content: bytes | None = None,
    content_type: str = "application/json", repeatable: bool = False,
) -> T:  # fmt: skip
    """Raises SendFailed."""
    settings: MetaSettings = line.account.settings
    token = line.account.secrets.access_token
    if not token:
        raise SendFailed(ErrorClass.AUTH, "没有填写访问令牌 there is no access token")
    joint = "&" if "?" in path else "?"
    url = f"{settings.base_url.rstrip('/')}/{settings.version}/{path}{joint}{_proof(line)}"
    headers = {"authorization": f"Bearer {token}", "content-type": content_type}
    answer = await call(
        line, method, url, attempt=attempt, headers=headers, content=content, timeout=settings.timeout,
        repeatable=repeatable,
    )  # fmt: skip
    wrong = understood(answer, _Wrong, attempt=attempt, repeatable=repeatable).error
    if wrong is not None:
        raise failure(wrong, attempt)
    return understood(answer, kind, attempt=attempt, repeatable=repeatable)


async def download(line: Line, url: str, *, bearer: bool) -> Fetched:
    """A file at an address Meta gave. Raises MediaGone, or HttpFailed when it may be had later."""
    headers = {"authorization": f"Bearer {line.account.secrets.access_token}"} if bearer else {}
    answer = await line.http.request("GET", url, headers=headers, timeout=line.account.settings.timeout, follow=True)
    if answer.status in _GONE:
        raise MediaGone(f"HTTP {answer.status}")
    if not answer.ok:
        raise HttpFailed(f"HTTP {answer.status}", sent=True)
    return Fetched(answer.content, type=answer.headers.get("content-type", "").partition(";")[0])


async def check(line: Line, path: str, name: str) -> list[Check]:
    """Reads the account the inbox is of: that needs its number, the token and the app's secret."""
    secrets = line.account.secrets
    listed = [
        _present("app_secret", secrets.app_secret, "填写应用密钥,否则来信无法验签",
                 "enter it, or nothing Meta sends is believed"),
        _present("verify_token", secrets.verify_token, "填写验证口令,否则回调地址通不过验证",
                 "enter it, or Meta cannot confirm the address"),
    ]  # fmt: skip
    try:
        await ask(line, "GET", path, dict[str, Any], repeatable=True)
    except SendFailed as wrong:
        return [Check(name, False, wrong.message), *listed]
    return [Check(name, True), *listed]


def _present(name: str, value: str, zh: str, en: str) -> Check:
    return Check(name, True) if value else Check(name, False, hint_zh=zh, hint_en=en)


def _proof(line: Line) -> str:
    secrets = line.account.secrets
    return f"appsecret_proof={proof(secrets.access_token, secrets.app_secret)}"
