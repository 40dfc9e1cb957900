"""An inbox at Alibaba Cloud."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from yizhan.channels.sms.settings import SmsSettings, Url

_Word = Annotated[str, Meta(max_length=120)]


class AliyunSettings(SmsSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`extend` is put behind the number a customer sees, and comes back with his reply."""

    access_key_id: _Word = ""
    base_url: Url = "https://dysmsapi.aliyuncs.com"
    version: _Word = "2017-05-25"
    extend: Annotated[str, Meta(max_length=12, pattern=r"^\d*$")] = ""


class AliyunSecrets(msgspec.Struct, frozen=True, kw_only=True):
    access_key_secret: str = ""
    callback_token: str = ""
