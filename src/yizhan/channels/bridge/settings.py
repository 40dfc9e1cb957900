"""A partner's bridge as an administrator fills it in."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Url = Annotated[str, Meta(max_length=500, pattern=r"^(https?://\S+)?$")]
Platform = Literal["taobao", "jd", "pdd", "douyin_shop", "xiaohongshu", "kuaishou", "other"]


class BridgeSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the network behind the bridge allows stands here: 0 where it has no such limit, or cannot do it."""

    platform: Platform = "other"
    callback_url: Url = ""
    quota_messages: Annotated[int, Meta(ge=0, le=1_000)] = 0
    quota_hours: Annotated[int, Meta(ge=1, le=24 * 30)] = 48
    text_chars: Annotated[int, Meta(ge=1, le=20_000)] = 2_000
    file_mb: Annotated[int, Meta(ge=0, le=20)] = 10
    receipts: bool = True
    recall_s: Annotated[int, Meta(ge=0, le=86_400)] = 120
    tolerance_s: Annotated[int, Meta(ge=30, le=3_600)] = 300
    timeout: Annotated[float, Meta(ge=1, le=60)] = 10.0


class BridgeSecrets(msgspec.Struct, frozen=True, kw_only=True):
    """Two may be good at once, so that one can be changed without a gap; we sign with the first."""

    secret: str = ""
    secret_next: str = ""

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(each for each in (self.secret, self.secret_next) if each)
