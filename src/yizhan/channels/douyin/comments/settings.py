"""The comments of a Douyin account as an administrator fills them in."""

from typing import Annotated

import msgspec
from msgspec import Meta

from yizhan.channels.douyin.settings import Key, Seconds, Url


class DouyinCommentSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The comments of the videos in `items` are asked for; those Douyin tells by itself come for all. The first time
    nothing older than `first_hours` is taken."""

    client_key: Key = ""
    open_id: Key = ""
    items: Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=300)], ...], Meta(max_length=50)] = ()
    first_hours: Annotated[int, Meta(ge=0, le=24 * 30)] = 24
    api_url: Url = "https://open.douyin.com"
    page: Annotated[int, Meta(ge=1, le=50)] = 20
    text_chars: Annotated[int, Meta(ge=1, le=1_000)] = 100
    timeout: Seconds = 10.0
