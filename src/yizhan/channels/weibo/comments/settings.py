"""A Weibo account's public side as an administrator fills it in."""

from typing import Annotated

import msgspec
from msgspec import Meta

from yizhan.channels.weibo.settings import Uid, Url


class WeiboCommentSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`uid` is the account's own: what it says itself is no customer's word. The first time nothing older than
    `first_hours` is taken."""

    uid: Uid = ""
    comments: bool = True
    comment_mentions: bool = True
    post_mentions: bool = True
    first_hours: Annotated[int, Meta(ge=0, le=24 * 30)] = 24
    api_url: Url = "https://api.weibo.com"
    post_url: Url = "https://m.weibo.cn/detail"
    page: Annotated[int, Meta(ge=1, le=200)] = 50
    text_chars: Annotated[int, Meta(ge=1, le=2_000)] = 140
    recall_s: Annotated[int, Meta(ge=0, le=86_400)] = 120
    timeout: Annotated[float, Meta(ge=1, le=60)] = 10.0


class WeiboCommentSecrets(msgspec.Struct, frozen=True, kw_only=True):
    access_token: str = ""
