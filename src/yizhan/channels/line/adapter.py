"""LINE as the house knows it."""

from __future__ import annotations

from datetime import datetime

from yizhan.channels.line.parse import parse
from yizhan.channels.line.people import enrich
from yizhan.channels.line.send import LineSender, check, fetch
from yizhan.channels.line.settings import LineSecrets, LineSettings
from yizhan.channels.line.signature import verify
from yizhan.desk.channels import (
    BASE_URL,
    TIMEOUT,
    Account,
    Adapter,
    Capabilities,
    FormField,
    Heard,
    Request,
    SetupStep,
    Words,
)

_HEADER = "x-line-signature"


def hear(account: Account, request: Request, now: datetime) -> Heard:
    verify(account.secrets.channel_secret, request.header(_HEADER), request.body)
    return Heard(parse(account, request.body))


def capabilities(settings: LineSettings) -> Capabilities:
    return Capabilities(text_chars=settings.text_units, kinds=frozenset({"location"}))


ADAPTER = Adapter(
    name="line", live=True, unsaid=True, title=Words("LINE", "LINE"), mark="line",
    settings=LineSettings, secrets=LineSecrets,
    capabilities=capabilities, hear=hear, sender=LineSender, fetch=fetch, enrich=enrich, check=check,
    form=(
        FormField(key="channel_secret", label=Words("Channel secret", "Channel secret"), secret=True, required=True),
        FormField(key="access_token", label=Words("长期访问令牌", "Channel access token"), secret=True, required=True),
        FormField(key="bot_id", label=Words("账号的 User ID", "Your user ID"), help=Words(
            "以 U 开头;填写后,发给别的账号的会被拒绝",
            "It begins with U; when set, what is for another account is refused")),
        BASE_URL,
        FormField(key="content_url", label=Words("文件地址", "Address of files"), advanced=True),
        TIMEOUT,
    ),
    steps=(
        SetupStep(Words("在 LINE Developers 建 Messaging API channel,把 Channel secret 和长期令牌填在上面。",
                        "Make a Messaging API channel at LINE Developers; enter its secret and a lasting token.")),
        SetupStep(Words("Webhook URL 填 {callback},打开 Use webhook。",
                        "Enter {callback} as the webhook URL and turn on “Use webhook”.")),
        SetupStep(Words("在账号设置里关掉自动回复,以免与客服抢答。",
                        "Turn off automatic replies in the account's settings, or both answer.")),
    ),
)  # fmt: skip
