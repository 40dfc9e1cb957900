"""小程序客服 as the house knows it: what an administrator fills in, what he does in the console, what it can do."""

from __future__ import annotations

from functools import partial

from yizhan.channels.wechat.api import WeChatApi
from yizhan.channels.wechat.checking import check_account
from yizhan.channels.wechat.fields import ADVANCED
from yizhan.channels.wechat.inbound import openid_of
from yizhan.channels.wechat.mini.parse import hear
from yizhan.channels.wechat.mini.render import capabilities, plan
from yizhan.channels.wechat.mini.settings import MiniSecrets, MiniSettings
from yizhan.channels.wechat.sending import WeChatSender
from yizhan.desk.channels import Adapter, Fetched, FormField, Line, MediaGone, SetupStep, Words
from yizhan.records.inboxes import Check
from yizhan.records.outbox import MESSAGE, WindowRule


def api_of(line: Line) -> WeChatApi:
    settings: MiniSettings = line.account.settings
    return WeChatApi(line, settings.base_url, settings.appid, line.account.secrets.app_secret, settings.timeout)


def windows(settings: MiniSettings) -> tuple[WindowRule, ...]:
    return (
        WindowRule(MESSAGE, settings.message_seconds, settings.message_count),
        WindowRule("enter", settings.enter_seconds, settings.enter_count),
    )


def sender(line: Line) -> WeChatSender:
    return WeChatSender(line, api_of(line), partial(plan, settings=line.account.settings))


async def fetch(line: Line, ref: dict[str, str]) -> Fetched:
    media_id = ref.get("media_id", "")
    if not media_id:
        raise MediaGone("the vendor named no file")
    return await api_of(line).media(media_id)


async def typing(line: Line, address: str) -> None:
    await api_of(line).typing(openid_of(address))


async def check(line: Line) -> list[Check]:
    settings, secrets = line.account.settings, line.account.secrets
    return await check_account(api_of(line), token=secrets.token, aes_key=secrets.aes_key, plain=settings.plain)


FORM = (
    FormField(key="appid", label=Words("小程序 AppID", "AppID of the mini-program"), required=True,
              help=Words("「开发管理 › 开发设置」", "In the console: Development › Settings")),
    FormField(key="app_secret", label=Words("AppSecret", "AppSecret"), secret=True, required=True),
    FormField(key="token", label=Words("令牌 Token", "Token"), secret=True, required=True,
              help=Words("3–32 位字母或数字，与后台一致", "3 to 32 letters or digits, the same as in the console")),
    FormField(key="aes_key", label=Words("消息加解密密钥", "EncodingAESKey"), secret=True, required=True,
              help=Words("43 位，与后台一致", "43 characters, the same as in the console")),
    FormField(key="notices", label=Words("订阅消息", "Notices people subscribe to"), kind="list", help=Words(
        "每行：模板 ID、空格、模板内容，变量写作 {{thing1.DATA}}；会话过期后仍可发给订阅过的用户",
        "One a line: the id, a space and the text with its blanks as {{thing1.DATA}}; sent after the window has shut "
        "to people who subscribed")),
    FormField(key="message_count", label=Words("来信后可回复条数", "Replies to a message"), kind="number",
              advanced=True),
    FormField(key="message_seconds", label=Words("回复时限（秒）", "Time to reply in seconds"), kind="number",
              advanced=True),
    FormField(key="enter_count", label=Words("进入会话后可回复条数", "Replies to somebody who enters"), kind="number",
              advanced=True),
    *ADVANCED,
)  # fmt: skip

STEPS = (
    SetupStep(Words(
        "登录小程序后台，在「开发管理 › 开发设置」复制 AppID，重置并复制 AppSecret；把本服务器的出口 IP 加入白名单。",
        "Sign in to the mini-program console, copy the AppID and a fresh AppSecret, and add this server's outgoing IP "
        "address to the allow-list.")),
    SetupStep(Words(
        "在「消息推送」填写 URL：{callback}，Token 和 EncodingAESKey 与上方一致，选「安全模式」，"
        "数据格式 JSON 或 XML 均可，提交并启用。",
        "Under Message push set the URL {callback}, the same Token and EncodingAESKey as above, safe mode, JSON or "
        "XML, and enable it.")),
    SetupStep(Words(
        "小程序页面放置客服按钮:<button open-type=\"contact\" session-from=\"订单号\">,来源会显示在客户时间线上。",
        "Put a button <button open-type=\"contact\" session-from=\"order number\"> on the page; where it was pressed "
        "stands in the customer's timeline.")),
    SetupStep(Words(
        "让公众号粉丝在小程序里也是同一位客户：把小程序绑定到同一个开放平台账号，在网页接入点的「微信」里选这个小程序，"
        "页面用 SDK 的 signInWithWeChat 交来 wx.login 的 code。",
        "For followers of your Official Account to be the same customers here: bind both to one Open Platform account, "
        "choose this mini-program under WeChat in a web chat inbox, and hand the code of wx.login to signInWithWeChat "
        "of the SDK.")),
)  # fmt: skip

ADAPTER = Adapter(
    name="wechat_mini", live=True,
    title=Words("微信小程序客服", "WeChat Mini Program"), mark="wechat", settings=MiniSettings,
    secrets=MiniSecrets, form=FORM, steps=STEPS, capabilities=capabilities, windows=windows, hear=hear, sender=sender,
    fetch=fetch, typing=typing, check=check,
)  # fmt: skip
