"""WhatsApp as the house knows it."""

from __future__ import annotations

from datetime import datetime

from yizhan.channels.meta import door, graph
from yizhan.channels.meta.settings import ADVANCED, FORM, MetaSecrets
from yizhan.channels.meta.whatsapp.parse import parse
from yizhan.channels.meta.whatsapp.render import TYPES
from yizhan.channels.meta.whatsapp.send import WhatsappSender, fetch
from yizhan.channels.meta.whatsapp.settings import WhatsappSettings
from yizhan.desk.channels import (
    Account,
    Adapter,
    Capabilities,
    ChannelTemplate,
    FileLimit,
    FormField,
    Heard,
    Line,
    Request,
    SetupStep,
    Words,
)
from yizhan.records.inboxes import Check
from yizhan.records.outbox import MESSAGE, WindowRule


def hear(account: Account, request: Request, now: datetime) -> Heard:
    return door.hear(account, request, parse)


def capabilities(settings: WhatsappSettings) -> Capabilities:
    return Capabilities(
        text_chars=settings.text_chars,
        files={
            "image": FileLimit(settings.image_bytes, TYPES["image"]),
            "video": FileLimit(settings.video_bytes, TYPES["video"]),
            "voice": FileLimit(settings.voice_bytes, TYPES["audio"]),
            "file": FileLimit(settings.file_bytes),
        },
        kinds=frozenset({"location", "template"}), receipts=frozenset({"delivered", "read"}),
        quote=True, templates_outside=True, first=bool(settings.templates),
        templates=tuple(ChannelTemplate(t.key, t.text, t.blanks, t.marketing) for t in settings.known.values()),
    )  # fmt: skip


def windows(settings: WhatsappSettings) -> tuple[WindowRule, ...]:
    return (WindowRule(MESSAGE, settings.window_hours * 3600),)


async def check(line: Line) -> list[Check]:
    return await graph.check(line, f"{line.account.settings.phone_number_id}?fields=display_phone_number", "number")


ADAPTER = Adapter(
    name="whatsapp", live=True, title=Words("WhatsApp", "WhatsApp"), mark="whatsapp", settings=WhatsappSettings,
    secrets=MetaSecrets, capabilities=capabilities, windows=windows, hear=hear, sender=WhatsappSender, fetch=fetch,
    check=check,
    form=(
        FormField(key="phone_number_id", label=Words("号码编号 Phone number ID", "Phone number ID"), required=True),
        *FORM,
        FormField(key="templates", label=Words("消息模板", "Templates"), kind="list", help=Words(
            "每行一个:名称、语言、正文,用空格隔开,如 order_sent zh_CN 订单{{1}}已发货;营销模板名称前加 *",
            "One a line: name, language and text, as in order_sent en_US Order {{1}} is on its way; * before a name "
            "says that it is marketing")),
        *ADVANCED,
    ),
    steps=(
        SetupStep(Words("在 Meta 开发者后台建应用,加 WhatsApp 产品,建系统用户并生成长期令牌。",
                        "Make an app at Meta for Developers, add WhatsApp, and a system user with a lasting token.")),
        SetupStep(Words("Webhook 回调地址填 {callback},验证口令与上面相同,订阅字段 messages。",
                        "Enter {callback} and the verify token above as the webhook's; subscribe messages.")),
        SetupStep(Words("一个应用有多个号码时,给每个号码设置各自的回调地址 (override callback)。",
                        "Where an app has several numbers, give each an override callback of its own.")),
    ),
)  # fmt: skip
