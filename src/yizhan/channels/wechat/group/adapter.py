"""企业微信客户群 as the house knows it."""

from __future__ import annotations

from datetime import datetime

from yizhan.channels.wechat.group.parse import CALLED, RICH, happenings
from yizhan.channels.wechat.group.send import GroupSender, fetch, headers
from yizhan.channels.wechat.group.settings import GroupSecrets, GroupSettings
from yizhan.channels.wechat.group.signature import verify
from yizhan.channels.wechat.qyform import field, figure, step
from yizhan.desk.channels import Account, Adapter, Capabilities, FileLimit, Heard, Line, Reply, Request, Words
from yizhan.foundation.errors import DomainError
from yizhan.records.inboxes import Check
from yizhan.records.outbox import MESSAGE, WindowRule

_MOST_BYTES = 20 * 1024 * 1024
_TEXT_CHARS = 4_000


def hear(account: Account, request: Request, now: datetime) -> Heard:
    verify(account, request, now)
    found = happenings(request.body, account.settings, now)
    return Heard(tuple(found), Reply(b'{"ok":true}', "application/json"))


def capabilities(settings: GroupSettings) -> Capabilities:
    """In the group everybody reads along."""
    files = {kind: FileLimit(_MOST_BYTES) for kind in ("image", "voice", "video", "file")}
    return Capabilities(
        text_chars=_TEXT_CHARS, files=files, together=True, public=settings.answers == "group",
        receipts=frozenset({"delivered"}), kinds=RICH,
    )  # fmt: skip


def windows(settings: GroupSettings) -> tuple[WindowRule, ...]:
    """The house's own measure: nobody counts there."""
    answers = WindowRule(MESSAGE, settings.answer_hours * 3600)
    return (answers, WindowRule(CALLED, settings.private_hours * 3600)) if settings.private_hours else (answers,)


async def check(line: Line) -> list[Check]:
    settings, secret = line.account.settings, line.account.secrets.secret
    checks = [Check("secret", bool(secret), "", "" if secret else "填写签名密钥", "" if secret else "enter a secret")]
    calls = bool(settings.mentions or settings.keywords or settings.take_all)
    hints = ("", "") if calls else ("填写至少一个 @ 名称或关键词", "enter a name to be called by, or a keyword")
    checks.append(Check("calls", calls, "", *hints))
    if secret and settings.reply_url:
        checks.append(await _ping(line))
    return checks


async def _ping(line: Line) -> Check:
    body = b'{"type":"ping"}'
    try:
        answer = await line.http.request(
            "POST", line.account.settings.reply_url, headers=headers(line, body), content=body,
            timeout=line.account.settings.timeout,
        )  # fmt: skip
    except DomainError as failure:
        return Check("reply", False, failure.message, "核对回复地址和网络", "check the address and the network")
    hints = ("", "") if answer.ok else ("核对两边的密钥和时钟", "check the secret and the clock of both sides")
    return Check("reply", answer.ok, f"HTTP {answer.status}", *hints)


_STEPS = (
    step(
        "企业微信没有读取客户群消息的普通接口: 请用会话内容存档或群机器人服务, 把群消息推送到 {callback}",
        "WeCom has no ordinary API that reads a customer group: let your archive or group robot push to {callback}",
    ),
    step(
        "推送格式与合作方桥接相同 (docs/bridge.md), 用下面的密钥按 v1 签名",
        "It pushes in the form of the partner bridge (docs/bridge.md), signed v1 with the secret below",
    ),
    step(
        "填写机器人接收回复的地址, 以及客户在群里用来叫客服的名称和关键词",
        "Enter where the robot takes replies, and the names and keywords customers call you by in the group",
    ),
)

ADAPTER = Adapter(
    name="wecom_group", title=Words("企业微信客户群", "WeCom customer group"), mark="wecom", live=False, unsaid=True,
    settings=GroupSettings, secrets=GroupSecrets, capabilities=capabilities, hear=hear, sender=GroupSender, fetch=fetch,
    windows=windows, check=check, steps=_STEPS,
    form=(
        field("reply_url", "回复地址", "Address for replies", required=True),
        field("secret", "签名密钥", "Signing secret", secret=True, required=True),
        field("mentions", "@ 名称", "Names after @", kind="list",
              help=("群里 @ 这些名称的消息会成为会话", "A message with one of them after an @ becomes a conversation")),
        field("keywords", "关键词", "Keywords", kind="list",
              help=("含有这些词的消息也会成为会话", "So does a message with one of these words")),
        field("answers", "回复到", "Answers go", kind="choice", choices=(
            ("group", Words("群里, 并 @ 客户", "To the group, calling the customer")),
            ("private", Words("客户私聊", "To the customer alone")),
        )),
        field("take_all", "接收全部客户消息", "Take every message of customers", kind="switch"),
        figure("continue_minutes", "后续发言计入会话(分钟)", "Minutes in which later words belong to it",
               help=("叫过客服的客户接着说的话, 不用再 @; 0 表示每次都要 @",
                     "What who called us says next, without a call; 0: every message needs one")),
        figure("answer_hours", "群内回复时限(小时)", "Hours to answer in the group"),
        figure("private_hours", "可私聊时限(小时)", "Hours to write to a member alone",
               help=("0 表示机器人不能私聊客户", "0: the robot cannot write to members")),
        figure("timeout", "超时(秒)", "Time-out in seconds"),
        figure("tolerance", "签名时间误差(秒)", "Tolerance of the signature, in seconds"),
    ),
)  # fmt: skip
