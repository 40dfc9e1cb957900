"""The partner bridge as the house knows it."""

from __future__ import annotations

from datetime import datetime, timedelta

from yizhan.channels.bridge.parse import decode, happening
from yizhan.channels.bridge.render import KINDS
from yizhan.channels.bridge.send import BridgeSender, fetch, post, recall
from yizhan.channels.bridge.settings import BridgeSecrets, BridgeSettings
from yizhan.channels.bridge.signature import SIGNATURE, TIMESTAMP, verify
from yizhan.desk.channels import (
    TIMEOUT,
    Account,
    Adapter,
    Capabilities,
    FileLimit,
    FormField,
    Heard,
    Line,
    Reply,
    Request,
    SetupStep,
    Words,
)
from yizhan.desk.outbound import SendFailed
from yizhan.records.inboxes import Check
from yizhan.records.outbox import MESSAGE, WindowRule

_MB = 1024 * 1024
_ANSWER = Reply(b'{"ok":true}', "application/json")


def hear(account: Account, request: Request, now: datetime) -> Heard:
    settings = account.settings
    verify(
        account.secrets.all, request.header(TIMESTAMP), request.header(SIGNATURE), request.body, now,
        settings.tolerance_s,
    )  # fmt: skip
    origin = {"platform": settings.platform}
    found = [happening(told, raw, now, origin) for told, raw in decode(request.body)]
    return Heard(tuple(each for each in found if each is not None), _ANSWER)


def windows(settings: BridgeSettings) -> tuple[WindowRule, ...]:
    if not settings.quota_messages:
        return ()
    return (WindowRule(MESSAGE, settings.quota_hours * 3600, settings.quota_messages),)


def capabilities(settings: BridgeSettings) -> Capabilities:
    limit = FileLimit(settings.file_mb * _MB)
    return Capabilities(
        text_chars=settings.text_chars, kinds=KINDS, together=True,
        files=dict.fromkeys(("image", "voice", "video", "file"), limit) if settings.file_mb else {},
        receipts=frozenset({"delivered", "read"}) if settings.receipts else frozenset(),
        recall=timedelta(seconds=settings.recall_s) if settings.recall_s else None,
    )  # fmt: skip


async def check(line: Line) -> list[Check]:
    """Posts `{"type": "ping"}` to the partner, signed as a reply would be."""
    settings, secrets = line.account.settings, line.account.secrets
    checks = [
        Check("secret", bool(secrets.all), "" if secrets.all else "set a secret to sign with"),
        Check("callback_url", bool(settings.callback_url), "" if settings.callback_url else "fill in where replies go"),
    ]
    if not all(each.ok for each in checks):
        return checks
    try:
        answer = await post(line, b'{"event_id":"ping","type":"ping"}', 1)
    except SendFailed as failure:
        return [*checks, Check("partner", False, failure.message)]
    return [*checks, Check("partner", answer.ok, f"HTTP {answer.status}")]


_PLATFORMS = (
    ("taobao", Words("淘宝 / 天猫", "Taobao / Tmall")), ("jd", Words("京东", "JD")), 
    ("pdd", Words("拼多多", "Pinduoduo")),
    ("douyin_shop", Words("抖店", "Douyin shop")), ("xiaohongshu", Words("小红书", "Xiaohongshu")),
    ("kuaishou", Words("快手", "Kuaishou")), ("other", Words("其他", "Another")),
)  # fmt: skip
ADAPTER = Adapter(
    name="bridge", live=True, unsaid=True, title=Words("合作方桥接(店铺平台)", "Partner bridge (marketplaces)"),
    mark="bridge",
    settings=BridgeSettings, secrets=BridgeSecrets, capabilities=capabilities, windows=windows, hear=hear,
    sender=BridgeSender, fetch=fetch, recall=recall, check=check,
    form=(
        FormField(key="platform", label=Words("平台", "Platform"), kind="choice", choices=_PLATFORMS),
        FormField(key="callback_url", label=Words("合作方接收回复的地址", "Where replies go"), required=True),
        FormField(key="secret", label=Words("签名密钥", "Signing secret"), secret=True, required=True),
        FormField(key="secret_next", label=Words("下一个签名密钥", "Next signing secret"), secret=True,
                  help=Words("换密钥时先填这里,双方换好再替换",
                             "The new one first stands here, then takes the other's place")),
        FormField(key="quota_messages", label=Words("来信后可回复条数", "Replies to each message"), kind="number",
                  help=Words("0 表示平台不限制", "0: the platform does not count")),
        FormField(key="quota_hours", label=Words("回复时限(小时)", "Hours to reply"), kind="number"),
        FormField(key="text_chars", label=Words("单条字数", "Characters of a message"), kind="number"),
        FormField(key="file_mb", label=Words("文件大小上限(MB)", "Largest file, MB"), kind="number",
                  help=Words("0 表示不能发送文件", "0: no files")),
        FormField(key="receipts", label=Words("合作方会回报送达与已读", "Reports what arrived"), kind="switch"),
        FormField(key="recall_s", label=Words("可撤回(秒)", "Recall for, seconds"), kind="number"),
        FormField(key="tolerance_s", label=Words("签名时间误差(秒)", "How far a signed time may be off, seconds"),
                  kind="number", advanced=True),
        TIMEOUT,
    ),
    steps=(
        SetupStep(Words("把地址 {callback} 和签名密钥交给平台认可的服务商(ISV)。",
                        "Give the address {callback} and the signing secret to a partner the platform has approved.")),
        SetupStep(Words("按 docs/bridge.md 实现;docs/examples/bridge_shop.py 是可以运行的例子。",
                        "The partner follows docs/bridge.md; docs/examples/bridge_shop.py is one that runs.")),
        SetupStep(Words("填写合作方接收回复的地址,点测试。", "Enter where the partner takes replies, and test.")),
    ),
)  # fmt: skip
