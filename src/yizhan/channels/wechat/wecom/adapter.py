"""An application of 企业微信 as the house knows it."""

from __future__ import annotations

from datetime import datetime, timedelta

from yizhan.channels.wechat.callback import answered, brought
from yizhan.channels.wechat.files import LIMITS
from yizhan.channels.wechat.qyapi import call, fetch
from yizhan.channels.wechat.qychecks import callback, connection, refused
from yizhan.channels.wechat.qyform import CONNECTION, SECRETS, VENDOR, field, figure, step
from yizhan.channels.wechat.wecom.members import names_of
from yizhan.channels.wechat.wecom.parse import happenings
from yizhan.channels.wechat.wecom.render import TEXT_BYTES
from yizhan.channels.wechat.wecom.send import WeComSender, recall
from yizhan.channels.wechat.wecom.settings import WeComSecrets, WeComSettings
from yizhan.desk.channels import Account, Adapter, Capabilities, Heard, Line, Request, Words
from yizhan.foundation.errors import DomainError
from yizhan.records.inboxes import Check


def hear(account: Account, request: Request, now: datetime) -> Heard:
    asked = answered(account, request)
    if asked is not None:
        return asked
    said, raw = brought(account, request, now)
    return Heard(tuple(happenings(said, raw, account.settings.media_days)))


def capabilities(settings: WeComSettings) -> Capabilities:
    """Members may be written to first: it is their own company's application."""
    takes_back = timedelta(hours=settings.recall_hours) if settings.recall_hours else None
    return Capabilities(
        text_bytes=TEXT_BYTES,
        files=LIMITS,
        kinds=frozenset({"location", "link", "menu"}),
        recall=takes_back,
        first=True,
    )


async def check(line: Line) -> list[Check]:
    opened = await connection(line)
    checks = [opened, callback(line)]
    if opened.ok:
        checks.append(await _agent(line))
    return checks


async def _agent(line: Line) -> Check:
    """The application answers for itself, or says why not."""
    try:
        asked = {"touser": "", "agentid": int(line.account.settings.agent_id or 0), "msgtype": "text"}
        await call(line, "/cgi-bin/message/send", asked | {"text": {"content": ""}})
    except DomainError as failure:
        code = getattr(failure, "errcode", 0)
        # Nobody was to get it: every refusal but those of the application itself means that it may send.
        return Check("agent", True) if code and code not in _OF_THE_AGENT else refused("agent", failure)
    return Check("agent", True)


_OF_THE_AGENT = frozenset({40056, 48002, 48004, 60020, 301002})

_STEPS = (
    step(
        "在企业微信管理后台创建自建应用, 记下企业 ID, AgentId 和 Secret",
        "Make an application of your own in the WeCom console; note the CorpID, its AgentId and secret",
    ),
    step(
        "在应用的企业可信 IP 中填写本服务器的出口 IP",
        "Enter this server's public address among the application's trusted IPs",
    ),
    step(
        "在应用的接收消息中填写 {callback}, 并把 Token 和 EncodingAESKey 填到这里",
        "Enter {callback} where the application receives messages, and its Token and EncodingAESKey here",
    ),
    step(
        "保存后点击测试; 再在企业微信中打开应用发一句话",
        "Save, press test, then open the application in WeCom and say something",
    ),
)

ADAPTER = Adapter(
    name="wecom", title=Words("企业微信应用", "WeCom application"), mark="wecom", live=True,
    settings=WeComSettings, secrets=WeComSecrets, capabilities=capabilities, hear=hear, sender=WeComSender, fetch=fetch,
    recall=recall, enrich=names_of, check=check, steps=_STEPS,
    form=(
        *CONNECTION,
        field("agent_id", "AgentId", "AgentId", required=True),
        *SECRETS,
        *VENDOR,
        figure(
            "first_seconds", "新消息的重复检查间隔(秒)", "Seconds in which a new message is checked for repetition",
            help=("间隔内相同内容只会送达一次", "Equal messages arrive once within it"),
        ),
        figure("again_seconds", "重发消息的重复检查间隔(秒)", "Seconds for one that is sent again"),
        figure("recall_hours", "可撤回时限(小时)", "Hours to take a message back"),
    ),
)  # fmt: skip
