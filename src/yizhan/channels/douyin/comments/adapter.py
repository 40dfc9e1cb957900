"""Douyin's comments as the house knows them."""

from __future__ import annotations

from datetime import datetime, timedelta

from yizhan.channels.douyin.adapter import ADVANCED, FORM, challenged, check, taken
from yizhan.channels.douyin.comments.parse import told
from yizhan.channels.douyin.comments.pull import pull
from yizhan.channels.douyin.comments.send import DouyinCommentSender
from yizhan.channels.douyin.comments.settings import DouyinCommentSettings
from yizhan.channels.douyin.parse import VERIFY
from yizhan.channels.douyin.settings import DouyinSecrets
from yizhan.desk.channels import Account, Adapter, Capabilities, FormField, Heard, Request, SetupStep, Words

_EVERY = timedelta(minutes=2)
OFF = Words(
    "抖音的评论接口只对获得 item.comment 权限的应用开放,企业号评论接口内测已结束。",
    "Douyin opens comments to apps with the permission item.comment only; the trial for enterprise accounts has ended.",
)


def hear(account: Account, request: Request, now: datetime) -> Heard:
    push = taken(account, request)
    if push.event == VERIFY:
        return challenged(push)
    found = told(push, account.settings.open_id)
    return Heard((found,) if found is not None else ())


def capabilities(settings: DouyinCommentSettings) -> Capabilities:
    return Capabilities(text_chars=settings.text_chars, public=True)


ADAPTER = Adapter(
    name="douyin_comment", title=Words("抖音评论", "Douyin comments"), mark="douyin", settings=DouyinCommentSettings,
    secrets=DouyinSecrets, off=OFF, capabilities=capabilities, hear=hear, pull=pull, pull_every=_EVERY,
    sender=DouyinCommentSender, check=check,
    form=(
        *FORM,
        FormField(key="items", label=Words("关注的视频 item_id", "Videos to watch, by item_id"), kind="list"),
        FormField(key="first_hours", label=Words("首次接收最近几小时", "Hours to look back at first"), kind="number"),
        FormField(key="text_chars", label=Words("单条字数", "Characters of a comment"), kind="number", advanced=True),
        FormField(key="page", label=Words("每页条数", "Entries of a page"), kind="number", advanced=True),
        *ADVANCED,
    ),
    steps=(
        SetupStep(Words("在 open.douyin.com 确认应用已有评论权限 item.comment。",
                        "See at open.douyin.com that the app has the permission item.comment.")),
        SetupStep(Words("应用只有一个 Webhooks 地址:单独的应用填 {callback};与私信共用时,在这里列出要关注的视频。",
                        "An app has one address for Webhooks: with an app of its own enter {callback} and subscribe to "
                        "comments; where messages use the same app, list the videos to watch here.")),
    ),
)  # fmt: skip
