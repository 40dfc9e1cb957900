"""An inbox at Messenger or Instagram: one page, or one account."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from yizhan.channels.meta.settings import Hours, Id, MetaSettings

_Chars = Annotated[int, Meta(ge=1, le=10_000)]


class MessengerSettings(MetaSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """With `human_agent` (a permission Meta grants) people may answer within `human_hours`."""

    account_id: Id = ""
    platform: Literal["page", "instagram"] = "page"
    human_agent: bool = False
    human_hours: Hours = 24 * 7
    text_chars: _Chars = 2000
    instagram_chars: _Chars = 1000
    file_bytes: Annotated[int, Meta(ge=1, le=200 * 1024 * 1024)] = 25 * 1024 * 1024

    @property
    def most_chars(self) -> int:
        return self.text_chars if self.platform == "page" else self.instagram_chars
