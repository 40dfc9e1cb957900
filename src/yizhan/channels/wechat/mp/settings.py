"""A 公众号 as an administrator fills it in. What the vendor changes now and then is a setting with its default."""

from __future__ import annotations

from typing import Annotated

import msgspec

from yizhan.channels.wechat.crypto import AES_KEY_PATTERN, Keys
from yizhan.channels.wechat.templates import read_templates
from yizhan.desk.channels import ChannelTemplate

BASE = "https://api.weixin.qq.com"
AppId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{6,64}$")]
Count = Annotated[int, msgspec.Meta(ge=0, le=100)]
Seconds = Annotated[int, msgspec.Meta(ge=0, le=30 * 86_400)]
Size = Annotated[int, msgspec.Meta(ge=1, le=100 * 1024 * 1024)]
Url = Annotated[str, msgspec.Meta(max_length=500, pattern=r"^https?://\S+$")]
Event = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z_]{0,59}$")]
Words = Annotated[str, msgspec.Meta(max_length=600)]


class MpSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`menu_replies` are lines `KEY=text`, sent back at once when that menu item is tapped: neither they nor `welcome`
    cost one of the replies that are counted. `templates` 模板消息 and `notices` 订阅通知 are lines of an id and the
    approved text. `plain`: messages without encryption are let in, for trials only. `fresh_seconds`: a callback signed
    longer ago is a copy; 0 for any age. `tag_id`: who writes gets this tag. `kf_account` gives replies that agent's
    name. After one of `paid_events` so many messages go as `paid_count` says, 0 for any number. Sizes in
    bytes, times in seconds.
    """

    appid: AppId
    plain: bool = False
    welcome: Words = ""
    menu_replies: Annotated[tuple[Words, ...], msgspec.Meta(max_length=60)] = ()
    templates: Annotated[tuple[Words, ...], msgspec.Meta(max_length=100)] = ()
    notices: Annotated[tuple[Words, ...], msgspec.Meta(max_length=100)] = ()
    tag_id: Annotated[int, msgspec.Meta(ge=0)] = 0
    kf_account: Annotated[str, msgspec.Meta(max_length=100)] = ""
    unionid: bool = True
    base_url: Url = BASE
    timeout: Annotated[float, msgspec.Meta(ge=1, le=60)] = 10.0
    fresh_seconds: Seconds = 600
    message_count: Count = 5
    message_seconds: Seconds = 48 * 3600
    menu_count: Count = 3
    menu_seconds: Seconds = 60
    follow_count: Count = 3
    follow_seconds: Seconds = 60
    scan_count: Count = 3
    scan_seconds: Seconds = 60
    paid_count: Count = 0
    paid_seconds: Seconds = 48 * 3600
    paid_events: Annotated[tuple[Event, ...], msgspec.Meta(max_length=20)] = (
        "merchant_order",
        "user_pay_from_pay_cell",
    )
    text_bytes: Annotated[int, msgspec.Meta(ge=100, le=100_000)] = 2048
    image_bytes: Size = 2 * 1024 * 1024
    voice_bytes: Size = 2 * 1024 * 1024
    video_bytes: Size = 10 * 1024 * 1024

    def __post_init__(self) -> None:
        read_templates((*self.templates, *self.notices))

    @property
    def known_templates(self) -> dict[str, ChannelTemplate]:
        return read_templates(self.templates)

    @property
    def known_notices(self) -> dict[str, ChannelTemplate]:
        return read_templates(self.notices)

    def reply_to(self, key: str) -> str:
        """What a menu item is answered with; empty for nothing."""
        pairs = (each.partition("=") for each in self.menu_replies)
        return next((text.strip() for name, _, text in pairs if name.strip() == key), "")


class MpSecrets(msgspec.Struct, frozen=True, kw_only=True):
    """From the console: 开发 › 基本配置."""

    app_secret: str = ""
    token: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9]{0,32}$")] = ""
    aes_key: Annotated[str, msgspec.Meta(pattern=rf"^$|{AES_KEY_PATTERN}")] = ""


def keys_of(settings: MpSettings, secrets: MpSecrets) -> Keys:
    return Keys(secrets.token, secrets.aes_key, settings.appid)
