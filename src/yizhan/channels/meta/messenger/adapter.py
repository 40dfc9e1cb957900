"""Messenger and Instagram as the house knows them."""

from __future__ import annotations

from datetime import datetime

from yizhan.channels.meta import door, graph
from yizhan.channels.meta.messenger.parse import parse
from yizhan.channels.meta.messenger.people import enrich
from yizhan.channels.meta.messenger.send import MessengerSender, fetch
from yizhan.channels.meta.messenger.settings import MessengerSettings
from yizhan.channels.meta.settings import ADVANCED, FORM, MetaSecrets
from yizhan.desk.channels import (
    Account,
    Adapter,
    Capabilities,
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


def capabilities(settings: MessengerSettings) -> Capabilities:
    """A page is told until when everything was read, an account which message was: only that can be shown."""
    files = {kind: FileLimit(settings.file_bytes) for kind in ("image", "video", "voice", "file")}
    if settings.platform == "page":
        return Capabilities(text_chars=settings.most_chars, files=files, receipts=frozenset({"delivered"}))
    return Capabilities(text_chars=settings.most_chars, files=files, receipts=frozenset({"read"}))


def windows(settings: MessengerSettings) -> tuple[WindowRule, ...]:
    hours = settings.human_hours if settings.human_agent else settings.window_hours
    return (WindowRule(MESSAGE, hours * 3600),)


async def check(line: Line) -> list[Check]:
    return await graph.check(line, "me?fields=id,name", "account")


ADAPTER = Adapter(
    name="messenger", live=True, unsaid=True, title=Words("Messenger / Instagram", "Messenger / Instagram"),
    mark="messenger",
    settings=MessengerSettings, secrets=MetaSecrets, capabilities=capabilities, windows=windows, hear=hear,
    sender=MessengerSender, fetch=fetch, enrich=enrich, check=check,
    form=(
        FormField(key="platform", label=Words("平台", "Platform"), kind="choice", choices=(
            ("page", Words("Messenger 主页", "A page at Messenger")),
            ("instagram", Words("Instagram 账号", "An account at Instagram")))),
        FormField(key="account_id", label=Words("主页或账号编号", "Id of the page or account"), required=True),
        *FORM,
        FormField(key="human_agent", label=Words("已获 HUMAN_AGENT 权限", "HUMAN_AGENT was granted"), kind="switch",
                  help=Words("人工可在 7 天内回复", "People may answer within seven days")),
        FormField(key="human_hours", label=Words("人工可回复时限(小时)", "Hours for people to reply"), kind="number",
                  advanced=True),
        *ADVANCED,
    ),
    steps=(
        SetupStep(Words("在 Meta 开发者后台建应用,加 Messenger(或 Instagram),生成主页访问令牌。",
                        "Make an app at Meta for Developers, add Messenger or Instagram, and make a page's token.")),
        SetupStep(Words("Webhook 回调地址填 {callback},验证口令与上面相同。",
                        "Enter {callback} as the webhook's callback, with the verify token above.")),
        SetupStep(Words("给主页订阅 messages、messaging_postbacks、message_deliveries、message_reads、message_echoes。",
                        "Subscribe the page to messages, messaging_postbacks, message_deliveries, message_reads and "
                        "message_echoes.")),
    ),
)  # fmt: skip
