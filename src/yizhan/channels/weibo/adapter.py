"""Weibo private messages as the house knows them."""

from __future__ import annotations

from datetime import datetime

from yizhan.channels.weibo.parse import OPENING, decode, happening
from yizhan.channels.weibo.send import WeiboSender, enrich, fetch, person
from yizhan.channels.weibo.settings import WeiboSecrets, WeiboSettings
from yizhan.channels.weibo.signature import Nonces, query_of, verify
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
    TokenRefused,
    Words,
)
from yizhan.desk.outbound import SendFailed
from yizhan.records.inboxes import Check
from yizhan.records.outbox import MESSAGE, WindowRule

_nonces = Nonces()


def hear(account: Account, request: Request, now: datetime) -> Heard:
    settings, query = account.settings, query_of(request)
    verify(account.secrets.app_secret, query, now, settings.tolerance_s)
    if request.method == "GET":
        return Heard(reply=Reply(query.get("echostr", "").encode()))
    _nonces.ensure_one_body(account.key, query.get("nonce", ""), request.body)
    push = decode(request.body)
    if str(push.receiver_id) != settings.uid:
        raise SignatureRefused("this is for another account")
    return Heard((happening(push, request.body),))


def windows(settings: WeiboSettings) -> tuple[WindowRule, ...]:
    seconds = settings.window_hours * 3600
    return (*(WindowRule(each, seconds) for each in (MESSAGE, *OPENING)), WindowRule("mention", seconds, 1))


def capabilities(settings: WeiboSettings) -> Capabilities:
    return Capabilities(text_chars=settings.text_chars, kinds=frozenset({"location", "link", "card"}))


async def check(line: Line) -> list[Check]:
    """Asks Weibo about the account itself."""
    settings, secrets = line.account.settings, line.account.secrets
    checks = [
        Check("uid", bool(settings.uid), "" if settings.uid else "fill in the account's uid"),
        Check("app_secret", bool(secrets.app_secret), "" if secrets.app_secret else "fill in the AppSecret"),
    ]
    if not (settings.uid and secrets.access_token):
        return [*checks, Check("access_token", False, "fill in the access token")]
    try:
        found = await person(line, settings.uid)
    except (SendFailed, TokenRefused) as failure:
        return [*checks, Check("access_token", False, failure.message)]
    return [*checks, Check("access_token", True, found.nickname)]


ADAPTER = Adapter(
    name="weibo", live=True,
    title=Words("微博私信", "Weibo messages"), mark="weibo", settings=WeiboSettings, secrets=WeiboSecrets,
    capabilities=capabilities, windows=windows, hear=hear, sender=WeiboSender, fetch=fetch, enrich=enrich,
    check=check,
    form=(
        FormField(key="uid", label=Words("账号 UID", "Account's uid"), required=True,
                  help=Words("微博主页地址里的数字", "The number in the address of the account's page")),
        FormField(key="app_secret", label=Words("AppSecret", "AppSecret"), secret=True, required=True),
        FormField(key="access_token", label=Words("access_token", "Access token"), secret=True, required=True,
                  help=Words("有效期一年,到期前请更换", "Lives for a year; change it before it ends")),
        FormField(key="window_codes", label=Words("表示超时的错误码", "Codes that mean it is too late"), kind="list",
                  advanced=True),
        FormField(key="window_hours", label=Words("回复时限(小时)", "Hours to reply"), kind="number", advanced=True),
        FormField(key="text_chars", label=Words("单条字数", "Characters of a message"), kind="number", advanced=True),
        FormField(key="tolerance_s", label=Words("签名时间误差(秒)", "How far a signed time may be off, seconds"),
                  kind="number", advanced=True),
        FormField(key="api_url", label=Words("接口地址", "Address of the interface"), advanced=True),
        FormField(key="upload_url", label=Words("文件接口地址", "Address of files"), advanced=True),
        TIMEOUT,
    ),
    steps=(
        SetupStep(Words("用认证账号登录微博,在 管理中心 → 粉丝服务 → 高级功能 启用开发模式。",
                        "Sign in with a verified account; turn on 开发模式 at 管理中心 → 粉丝服务 → 高级功能.")),
        SetupStep(Words("在那里填写 URL {callback} 和应用的 AppKey,消息格式保持 JSON。",
                        "Enter the URL {callback} and the app's AppKey there; leave the format at JSON.")),
        SetupStep(Words("把页面上的 access_token 和应用的 AppSecret 填到这里。",
                        "Copy the access token shown there and the app's AppSecret to this form.")),
    ),
)  # fmt: skip
