"""A Weibo account's private messages 微博私信 as an administrator fills them in."""

from typing import Annotated

import msgspec
from msgspec import Meta

Url = Annotated[str, Meta(max_length=300, pattern=r"^https?://[^\s?#]+$")]
Code = Annotated[str, Meta(pattern=r"^[0-9]{1,9}$")]
Uid = Annotated[str, Meta(pattern=r"^[0-9]{0,20}$")]


class WeiboSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`uid` is the account's own. What follows it only changes when the vendor changes it: `tolerance_s` is how far a
    signed time may be off. Weibo documents no code for a window that is shut: `window_codes` are those that proved to
    mean it."""

    uid: Uid = ""
    api_url: Url = "https://m.api.weibo.com"
    upload_url: Url = "https://upload.api.weibo.com"
    window_hours: Annotated[int, Meta(ge=1, le=24 * 30)] = 48
    text_chars: Annotated[int, Meta(ge=1, le=5_000)] = 300
    window_codes: Annotated[tuple[Code, ...], Meta(max_length=20)] = ()
    articles: Annotated[int, Meta(ge=1, le=20)] = 8
    tolerance_s: Annotated[int, Meta(ge=30, le=3_600)] = 300
    timeout: Annotated[float, Meta(ge=1, le=60)] = 10.0


class WeiboSecrets(msgspec.Struct, frozen=True, kw_only=True):
    """`access_token` lives for a year; Weibo shows the next one on the page where 开发模式 is set up."""

    app_secret: str = ""
    access_token: str = ""
