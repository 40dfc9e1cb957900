"""The generic channel as the house knows it. Its hook is a door of its own: it answers with our ids."""

from __future__ import annotations

from yizhan.channels.generic.send import GenericSender, signed
from yizhan.channels.generic.settings import GenericSecret, GenericSettings
from yizhan.desk.channels import TIMEOUT, Adapter, Capabilities, FileLimit, FormField, Line, Words
from yizhan.foundation.errors import DomainError
from yizhan.records.inboxes import Check
from yizhan.records.outbox import MESSAGE, WindowRule

_MOST_BYTES = 20 * 1024 * 1024


def windows(settings: GenericSettings) -> tuple[WindowRule, ...]:
    if not settings.quota_messages:
        return ()
    return (WindowRule(MESSAGE, settings.quota_hours * 3600, settings.quota_messages),)


def capabilities(settings: GenericSettings) -> Capabilities:
    files = {kind: FileLimit(_MOST_BYTES) for kind in ("image", "voice", "video", "file")}
    return Capabilities(text_chars=20_000, files=files, together=True)


async def check(line: Line) -> list[Check]:
    """Posts `{"ping": true}` to the callback, signed as a reply would be."""
    settings, secret = line.account.settings, line.account.secrets
    checks = [Check("secret", bool(secret.all), "" if secret.all else "set a secret to sign with")]
    if secret.all and settings.callback_url:
        checks.append(await _ping(line))
    return checks


async def _ping(line: Line) -> Check:
    settings, body = line.account.settings, b'{"ping":true}'
    headers = signed(line.account.secrets.all[0], str(int(line.clock.now().timestamp())), body)
    try:
        answer = await line.http.request(
            "POST", settings.callback_url, headers=headers, content=body, timeout=settings.timeout
        )
    except DomainError as failure:
        return Check("callback", False, failure.message)
    return Check("callback", answer.ok, f"HTTP {answer.status}")


def _sender(line: Line) -> GenericSender:
    return GenericSender(line.http, line.account.settings, line.account.secrets, line.load)


ADAPTER = Adapter(
    name="generic", title=Words("自有系统", "Own system"), mark="generic", settings=GenericSettings,
    secrets=GenericSecret, capabilities=capabilities, windows=windows, sender=_sender, check=check,
    form=(
        FormField(key="callback_url", label=Words("回复地址", "Address for replies")),
        FormField(key="secret", label=Words("签名密钥", "Signing secret"), secret=True, required=True),
        FormField(key="secret_next", label=Words("下一个签名密钥", "Next signing secret"), secret=True),
        FormField(key="quota_messages", label=Words("来信后可回复条数", "Replies to each message"), kind="number"),
        FormField(key="quota_hours", label=Words("回复时限(小时)", "Hours to reply"), kind="number"),
        TIMEOUT,
    ),
)  # fmt: skip
