"""A Douyin account's private messages 抖音私信 as an administrator fills them in."""

from typing import Annotated

import msgspec
from msgspec import Meta

Url = Annotated[str, Meta(max_length=300, pattern=r"^https?://[^\s?#]+$")]
Key = Annotated[str, Meta(max_length=100, pattern=r"^\S*$")]
Seconds = Annotated[float, Meta(ge=1, le=60)]


class DouyinSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`open_id` is the account's own. The figures below it are the vendor's rules, changed when it changes them.
    Coming into the chat would allow three messages in thirty seconds; but each must name a message of his, so nobody
    counts on it."""

    client_key: Key = ""
    open_id: Key = ""
    api_url: Url = "https://open.douyin.com"
    reply_messages: Annotated[int, Meta(ge=1, le=100)] = 6
    reply_hours: Annotated[int, Meta(ge=1, le=24 * 30)] = 24
    enter_messages: Annotated[int, Meta(ge=0, le=20)] = 0
    enter_seconds: Annotated[int, Meta(ge=1, le=86_400)] = 30
    text_chars: Annotated[int, Meta(ge=1, le=5_000)] = 1_000
    links: bool = False
    recall_s: Annotated[int, Meta(ge=0, le=86_400)] = 120
    timeout: Seconds = 10.0


class DouyinSecrets(msgspec.Struct, frozen=True, kw_only=True):
    """`refresh_token` gets the access tokens; it lives thirty days and is renewed, five times at most."""

    client_secret: str = ""
    refresh_token: str = ""
