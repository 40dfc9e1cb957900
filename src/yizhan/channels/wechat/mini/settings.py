"""A 小程序 as an administrator fills it in. What the vendor changes now and then is a setting with its default."""

from __future__ import annotations

from typing import Annotated

import msgspec

from yizhan.channels.wechat.crypto import AES_KEY_PATTERN, Keys
from yizhan.channels.wechat.templates import read_templates
from yizhan.desk.channels import ChannelTemplate

BASE = "https://api.weixin.qq.com"
_AppId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{6,64}$")]
_Count = Annotated[int, msgspec.Meta(ge=0, le=100)]
_Seconds = Annotated[int, msgspec.Meta(ge=0, le=30 * 86_400)]
_Url = Annotated[str, msgspec.Meta(max_length=500, pattern=r"^https?://\S+$")]


class MiniSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`plain`: messages without encryption are let in, for trials only. `fresh_seconds`: a callback signed longer ago
    is a copy; 0 for any age. `notices` 订阅消息 are lines of an id and the approved text. Sizes in bytes,
    times in seconds.
    """

    appid: _AppId
    plain: bool = False
    base_url: _Url = BASE
    timeout: Annotated[float, msgspec.Meta(ge=1, le=60)] = 10.0
    fresh_seconds: _Seconds = 600
    message_count: _Count = 5
    message_seconds: _Seconds = 48 * 3600
    enter_count: _Count = 2
    enter_seconds: _Seconds = 60
    notices: Annotated[tuple[Annotated[str, msgspec.Meta(max_length=600)], ...], msgspec.Meta(max_length=100)] = ()
    text_bytes: Annotated[int, msgspec.Meta(ge=100, le=100_000)] = 2048
    image_bytes: Annotated[int, msgspec.Meta(ge=1, le=100 * 1024 * 1024)] = 2 * 1024 * 1024

    def __post_init__(self) -> None:
        read_templates(self.notices)

    @property
    def known_notices(self) -> dict[str, ChannelTemplate]:
        return read_templates(self.notices)


class MiniSecrets(msgspec.Struct, frozen=True, kw_only=True):
    """From the console: 开发管理 › 开发设置 and 消息推送."""

    app_secret: str = ""
    token: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9]{0,32}$")] = ""
    aes_key: Annotated[str, msgspec.Meta(pattern=rf"^$|{AES_KEY_PATTERN}")] = ""


def keys_of(settings: MiniSettings, secrets: MiniSecrets) -> Keys:
    return Keys(secrets.token, secrets.aes_key, settings.appid)
