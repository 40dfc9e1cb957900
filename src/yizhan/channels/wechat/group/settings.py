"""A customer group's inbox as an administrator fills it in."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

_Word = Annotated[str, Meta(min_length=1, max_length=40)]


class GroupSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`mentions` are the names that call us after an @, `keywords` words that do without one. `answers`: in the group,
    where all members read it, or to the member alone. What he says within `continue_minutes` after anything was said in
    his open conversation belongs to it without a call; 0: only calls do. Who called us is answered within
    `answer_hours`, and for `private_hours` he may be written to alone instead; 0: the robot cannot. `tolerance` is how
    old a signature may be, in seconds."""

    reply_url: Annotated[str, Meta(max_length=500, pattern=r"^(https?://\S+)?$")] = ""
    mentions: Annotated[tuple[_Word, ...], Meta(max_length=50)] = ("客服",)
    keywords: Annotated[tuple[_Word, ...], Meta(max_length=200)] = ()
    answers: Literal["group", "private"] = "group"
    take_all: bool = False
    continue_minutes: Annotated[int, Meta(ge=0, le=24 * 60)] = 30
    answer_hours: Annotated[int, Meta(ge=1, le=24 * 90)] = 168
    private_hours: Annotated[int, Meta(ge=0, le=24 * 90)] = 48
    timeout: Annotated[float, Meta(ge=1, le=60)] = 10.0
    tolerance: Annotated[int, Meta(ge=10, le=86_400)] = 300


class GroupSecrets(msgspec.Struct, frozen=True, kw_only=True):
    """Both ways are signed with it."""

    secret: str = ""
