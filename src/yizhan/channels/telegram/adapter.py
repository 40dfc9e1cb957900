"""Telegram as the house knows it."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from yizhan.channels.telegram.parse import parse
from yizhan.channels.telegram.send import TelegramSender, check, fetch, recall
from yizhan.channels.telegram.settings import TelegramSecrets, TelegramSettings
from yizhan.desk.channels import (
    BASE_URL,
    TIMEOUT,
    Account,
    Adapter,
    Capabilities,
    FileLimit,
    FormField,
    Heard,
    Request,
    SetupStep,
    SignatureRefused,
    Words,
)

_HEADER = "x-telegram-bot-api-secret-token"


def hear(account: Account, request: Request, now: datetime) -> Heard:
    """Telegram signs nothing: it says our own token back."""
    wanted = account.secrets.webhook_token.encode()
    if not wanted or not hmac.compare_digest(request.header(_HEADER).encode(errors="replace"), wanted):
        raise SignatureRefused("the token is not ours")
    return Heard(parse(request.body, now))


def capabilities(settings: TelegramSettings) -> Capabilities:
    return Capabilities(
        text_chars=settings.text_chars,
        files={
            "image": FileLimit(settings.image_bytes, ("image/jpeg", "image/png", "image/webp")),
            "voice": FileLimit(settings.file_bytes, ("audio/ogg",)),
            "video": FileLimit(settings.file_bytes, ("video/mp4",)),
            "file": FileLimit(settings.file_bytes),
        },
        kinds=frozenset({"location"}),
        quote=True,
        recall=timedelta(hours=settings.recall_hours) if settings.recall_hours else None,
    )


ADAPTER = Adapter(
    name="telegram", live=True, title=Words("Telegram", "Telegram"), mark="telegram", settings=TelegramSettings,
    secrets=TelegramSecrets, capabilities=capabilities, hear=hear, sender=TelegramSender, fetch=fetch, recall=recall,
    check=check,
    form=(
        FormField(key="bot_token", label=Words("机器人令牌", "Bot token"), secret=True, required=True,
                  help=Words("@BotFather 给的令牌", "As given by @BotFather")),
        FormField(key="webhook_token", label=Words("回调口令", "Webhook token"), secret=True, required=True,
                  help=Words("自己定一个:字母、数字、_ 和 -", "Make one up of letters, digits, _ and -")),
        FormField(key="a_second", label=Words("每秒最多条数", "Messages a second"), kind="number", advanced=True),
        FormField(key="recall_hours", label=Words("可撤回时限(小时)", "Hours to take one back"), kind="number",
                  advanced=True),
        BASE_URL,
        TIMEOUT,
    ),
    steps=(
        SetupStep(Words("向 @BotFather 发 /newbot 建机器人,把令牌填在上面。",
                        "Send /newbot to @BotFather and enter the token above.")),
        SetupStep(Words("调用 setWebhook:url 填 {callback},secret_token 填上面的回调口令。",
                        "Call setWebhook with url {callback} and secret_token the webhook token above.")),
        SetupStep(Words("机器人要收群里的消息时,向 @BotFather 发 /setprivacy 关闭隐私模式。",
                        "For messages of groups turn privacy mode off: /setprivacy to @BotFather.")),
    ),
)  # fmt: skip
