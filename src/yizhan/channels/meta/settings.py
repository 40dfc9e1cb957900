"""What all inboxes at Meta are told."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from yizhan.desk.channels import BASE_URL, TIMEOUT, FormField, Words

Url = Annotated[str, Meta(max_length=500, pattern=r"^https?://\S+$")]
Id = Annotated[str, Meta(max_length=40, pattern=r"^\d*$")]
Hours = Annotated[int, Meta(ge=1, le=24 * 30)]


class MetaSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Free words go within `window_hours` of the customer's last message."""

    base_url: Url = "https://graph.facebook.com"
    version: Annotated[str, Meta(pattern=r"^v\d+\.\d+$")] = "v23.0"
    window_hours: Hours = 24
    timeout: Annotated[float, Meta(ge=1, le=60)] = 15.0


class MetaSecrets(msgspec.Struct, frozen=True, kw_only=True):
    """`app_secret` signs what Meta sends, `verify_token` is ours and said back when the address is entered."""

    app_secret: str = ""
    access_token: str = ""
    verify_token: str = ""


FORM = (
    FormField(key="app_secret", label=Words("应用密钥 App Secret", "App secret"), secret=True, required=True),
    FormField(key="access_token", label=Words("访问令牌", "Access token"), secret=True, required=True,
              help=Words("系统用户的长期令牌", "The lasting token of a system user")),
    FormField(key="verify_token", label=Words("验证口令", "Verify token"), secret=True, required=True,
              help=Words(
                  "自己定一个,在 Meta 填回调地址时一并填写", "Make one up; it is entered at Meta beside the address")),
)  # fmt: skip
ADVANCED = (
    FormField(key="window_hours", label=Words("可回复时限(小时)", "Hours to reply"), kind="number", advanced=True),
    BASE_URL,
    FormField(key="version", label=Words("接口版本", "Version of the API"), advanced=True),
    TIMEOUT,
)
