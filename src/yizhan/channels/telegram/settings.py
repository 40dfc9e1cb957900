"""An inbox at Telegram: one bot."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

Url = Annotated[str, Meta(max_length=500, pattern=r"^https?://\S+$")]
_Bytes = Annotated[int, Meta(ge=1, le=2_000 * 1024 * 1024)]
_Count = Annotated[int, Meta(ge=1, le=1_000)]
_MB = 1024 * 1024


class TelegramSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many messages a second go out of one bot; the bot may take back its own within `recall_hours`."""

    base_url: Url = "https://api.telegram.org"
    a_second: _Count = 30
    text_chars: Annotated[int, Meta(ge=1, le=65_536)] = 4096
    caption_chars: Annotated[int, Meta(ge=1, le=65_536)] = 1024
    image_bytes: _Bytes = 10 * _MB
    file_bytes: _Bytes = 50 * _MB
    fetched_bytes: _Bytes = 20 * _MB
    recall_hours: Annotated[int, Meta(ge=0, le=240)] = 48
    timeout: Annotated[float, Meta(ge=1, le=60)] = 15.0


class TelegramSecrets(msgspec.Struct, frozen=True, kw_only=True):
    """`webhook_token` is ours: Telegram says it back with every update."""

    bot_token: str = ""
    webhook_token: str = ""
