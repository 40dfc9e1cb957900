"""Douyin's private messages as the house knows them."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from yizhan.channels.douyin.parse import ENTER, VERIFY, Push, decode, happening
from yizhan.channels.douyin.send import DouyinSender, recall, refresh_token, tend, tokens
from yizhan.channels.douyin.settings import DouyinSecrets, DouyinSettings
from yizhan.channels.douyin.signature import HEADER, verify
from yizhan.desk.channels import (
    TIMEOUT,
    Account,
    Adapter,
    Capabilities,
    FormField,
    Heard,
    Line,
    Reply,
    Request,
    SetupStep,
    SignatureRefused,
    Words,
)
from yizhan.desk.outbound import SendFailed
from yizhan.records.inboxes import Check
from yizhan.records.outbox import MESSAGE, WindowRule

_DAY = 86_400
OFF = Words(
    "抖音已对新的网站应用关闭私信权限(im.direct_message);只有已获授权的应用、投放线索广告的商家和绑定品牌号的小程序可以使用。",
    "Douyin gives new website apps no permission for messages (im.direct_message): only apps that have it, advertisers "
    "who collect leads, and mini-programs bound to a brand account can use it.",
)


def hear(account: Account, request: Request, now: datetime) -> Heard:
    push = taken(account, request)
    if push.event == VERIFY:
        return challenged(push)
    found = happening(push, account.settings.open_id, account.settings.client_key)
    return Heard((found,) if found is not None else ())


def taken(account: Account, request: Request) -> Push:
    """Raises SignatureRefused and Invalid."""
    verify(account.secrets.client_secret, request.header(HEADER), request.body)
    push = decode(request.body, request.header("msg-id"))
    settings = account.settings
    if push.event != VERIFY and (
        push.client_key != settings.client_key or settings.open_id not in (push.sender, push.receiver)
    ):
        raise SignatureRefused("this is for another account")
    return push


def challenged(push: Push) -> Heard:
    """The address is proved by the number that came, as a number."""
    body = msgspec.json.encode({"challenge": push.content.get("challenge")})
    return Heard(reply=Reply(body, "application/json"))


def windows(settings: DouyinSettings) -> tuple[WindowRule, ...]:
    reply = WindowRule(MESSAGE, settings.reply_hours * 3600, settings.reply_messages)
    if not settings.enter_messages:
        return (reply,)
    return reply, WindowRule(ENTER, settings.enter_seconds, settings.enter_messages)


def capabilities(settings: DouyinSettings) -> Capabilities:
    recall_for = timedelta(seconds=settings.recall_s) if settings.recall_s else None
    return Capabilities(text_chars=settings.text_chars, recall=recall_for)


async def check(line: Line) -> list[Check]:
    """Gets an access token, and says how long the authorisation still lives."""
    settings, secrets = line.account.settings, line.account.secrets
    asked = {
        "client_key": settings.client_key, "open_id": settings.open_id, "client_secret": secrets.client_secret,
        "refresh_token": secrets.refresh_token,
    }  # fmt: skip
    checks = [Check(name, bool(value), "" if value else "fill it in") for name, value in asked.items()]
    if not all(each.ok for each in checks):
        return checks
    try:
        said = await tokens(line, await refresh_token(line))
    except SendFailed as failure:
        return [*checks, Check("access_token", False, failure.message)]
    left = said.text("refresh_expires_in")
    days = f"{int(left) // _DAY} d" if left.isdecimal() else ""
    return [*checks, Check("access_token", True, days)]


FORM = (
    FormField(key="client_key", label=Words("client_key", "Client key"), required=True),
    FormField(key="client_secret", label=Words("client_secret", "Client secret"), secret=True, required=True),
    FormField(key="open_id", label=Words("账号 open_id", "Account's open_id"), required=True),
    FormField(key="refresh_token", label=Words("refresh_token", "Refresh token"), secret=True, required=True,
              help=Words("自动续期,最多约半年;续不了时会提前通知管理员重新授权",
                         "Renewed by itself for about half a year; the administrator is told before it ends")),
)  # fmt: skip
ADVANCED = (
    FormField(key="api_url", label=Words("接口地址", "Address of the interface"), advanced=True),
    TIMEOUT,
)
ADAPTER = Adapter(
    name="douyin", live=True, unsaid=True, title=Words("抖音私信", "Douyin messages"), mark="douyin",
    settings=DouyinSettings,
    secrets=DouyinSecrets, off=OFF, capabilities=capabilities, windows=windows, hear=hear, sender=DouyinSender,
    recall=recall, tend=tend, check=check,
    form=(
        *FORM,
        FormField(key="links", label=Words("允许站外链接", "Links to other sites"), kind="switch", advanced=True),
        FormField(key="reply_messages", label=Words("每条消息可回复条数", "Replies to each message"), kind="number",
                  advanced=True),
        FormField(key="reply_hours", label=Words("回复时限(小时)", "Hours to reply"), kind="number", advanced=True),
        FormField(key="enter_messages", label=Words("进入会话后可发条数", "Messages after he enters"), kind="number",
                  advanced=True),
        FormField(key="enter_seconds", label=Words("进入会话后时限(秒)", "Seconds after he enters"), kind="number",
                  advanced=True),
        FormField(key="text_chars", label=Words("单条字数", "Characters of a message"), kind="number", advanced=True),
        FormField(key="recall_s", label=Words("可撤回(秒)", "Recall for, seconds"), kind="number", advanced=True),
        *ADVANCED,
    ),
    steps=(
        SetupStep(Words("在 open.douyin.com 确认应用已有私信权限 im.direct_message。",
                        "See at open.douyin.com that the app has the permission im.direct_message.")),
        SetupStep(Words("在应用的 Webhooks 里填写 {callback},并订阅私信事件。",
                        "Enter {callback} at the app's Webhooks and subscribe to the events of messages.")),
        SetupStep(Words("用品牌账号授权应用,把 open_id 和 refresh_token 填到这里。",
                        "Authorise the app with the brand's account; copy open_id and refresh_token to this form.")),
    ),
)  # fmt: skip
