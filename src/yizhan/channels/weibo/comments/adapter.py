"""Weibo comments and mentions as the house knows them."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from yizhan.channels.weibo.comments.pull import STREAMS, At, page_of, pull
from yizhan.channels.weibo.comments.send import WeiboCommentSender, fetch, recall
from yizhan.channels.weibo.comments.settings import WeiboCommentSecrets, WeiboCommentSettings
from yizhan.desk.channels import TIMEOUT, Adapter, Capabilities, FormField, Line, SetupStep, TokenRefused, Words
from yizhan.desk.outbound import SendFailed
from yizhan.records.inboxes import Check

_EVERY = timedelta(seconds=90)


def capabilities(settings: WeiboCommentSettings) -> Capabilities:
    recall_for = timedelta(seconds=settings.recall_s) if settings.recall_s else None
    return Capabilities(text_chars=settings.text_chars, recall=recall_for, public=True)


async def check(line: Line) -> list[Check]:
    """Asks for one entry of each stream: an app may read comments and yet not mentions."""
    settings, token = line.account.settings, line.account.secrets.access_token
    checks = [Check("uid", bool(settings.uid), "" if settings.uid else "fill in the account's uid")]
    if not token:
        return [*checks, Check("access_token", False, "fill in the access token")]
    one = msgspec.structs.replace(settings, page=1)
    for name in STREAMS:
        if getattr(settings, name):
            checks.append(await _try(line, one, name))
    return checks


async def _try(line: Line, settings: WeiboCommentSettings, name: str) -> Check:
    try:
        await page_of(line, settings, STREAMS[name], At())
    except (SendFailed, TokenRefused) as failure:
        return Check(name, False, failure.message)
    return Check(name, True, "")


ADAPTER = Adapter(
    name="weibo_comment", title=Words("微博评论与提及", "Weibo comments and mentions"), mark="weibo",
    settings=WeiboCommentSettings, secrets=WeiboCommentSecrets, capabilities=capabilities, sender=WeiboCommentSender,
    pull=pull, pull_every=_EVERY, fetch=fetch, recall=recall, check=check,
    form=(
        FormField(key="uid", label=Words("账号 UID", "Account's uid"), required=True,
                  help=Words("微博主页地址里的数字;账号自己的评论不会进来",
                             "The number in the address of the account's page; its own comments do not come in")),
        FormField(key="access_token", label=Words("access_token", "Access token"), secret=True, required=True),
        FormField(key="comments", label=Words("接收评论", "Take comments"), kind="switch"),
        FormField(key="comment_mentions", label=Words("接收提到我们的评论", "Comments that mention us"), kind="switch"),
        FormField(key="post_mentions", label=Words("接收提到我们的微博", "Posts that mention us"), kind="switch"),
        FormField(key="first_hours", label=Words("首次接收最近几小时", "Hours to look back at first"), kind="number"),
        FormField(key="text_chars", label=Words("单条字数", "Characters of a comment"), kind="number", advanced=True),
        FormField(key="recall_s", label=Words("可撤回(秒)", "Recall for, seconds"), kind="number", advanced=True),
        FormField(key="page", label=Words("每页条数", "Entries of a page"), kind="number", advanced=True),
        FormField(key="api_url", label=Words("接口地址", "Address of the interface"), advanced=True),
        FormField(key="post_url", label=Words("微博页面地址", "Address of posts"), advanced=True),
        TIMEOUT,
    ),
    steps=(
        SetupStep(Words("在 open.weibo.com 建一个应用,用品牌账号授权,取得 access_token。",
                        "Make an app at open.weibo.com and authorise it with the brand's account: an access token.")),
        SetupStep(Words("确认应用有读取评论、读取提及和发表评论的权限(测试应用只能授权 15 个账号)。",
                        "See that it may read comments and mentions and write comments (a test app: 15 accounts).")),
        SetupStep(Words("另建一个微博私信收件箱,同一位客户的评论和私信会归到一起。",
                        "Make an inbox for Weibo messages too: comments and messages of one customer come together.")),
    ),
)  # fmt: skip
