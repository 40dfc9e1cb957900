"""An inbox at LINE: one channel of the Messaging API."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

Url = Annotated[str, Meta(max_length=500, pattern=r"^https?://\S+$")]


class LineSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`bot_id` is the account's own user id; where it is set, what is for another one is refused."""

    bot_id: Annotated[str, Meta(max_length=64)] = ""
    base_url: Url = "https://api.line.me"
    content_url: Url = "https://api-data.line.me"
    text_units: Annotated[int, Meta(ge=1, le=65_536)] = 5000
    timeout: Annotated[float, Meta(ge=1, le=60)] = 10.0


class LineSecrets(msgspec.Struct, frozen=True, kw_only=True):
    """`channel_secret` signs what LINE sends, `access_token` is the lasting one of the channel."""

    channel_secret: str = ""
    access_token: str = ""
