"""An inbox at Tencent Cloud."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from yizhan.channels.sms.settings import SmsSettings, Url

_Word = Annotated[str, Meta(max_length=120)]


class TencentSettings(SmsSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`extend` is put behind the number a customer sees, and comes back with his reply. With `pulls` reports and
    replies are also asked for, where the cloud has been told to keep them: a time-out is then settled without a
    callback."""

    secret_id: _Word = ""
    app_id: Annotated[str, Meta(max_length=20, pattern=r"^\d*$")] = ""
    region: _Word = "ap-guangzhou"
    base_url: Url = "https://sms.tencentcloudapi.com"
    version: _Word = "2021-01-11"
    extend: Annotated[str, Meta(max_length=12, pattern=r"^\d*$")] = ""
    pulls: bool = False


class TencentSecrets(msgspec.Struct, frozen=True, kw_only=True):
    secret_key: str = ""
    callback_token: str = ""
