"""The comments of the videos that are watched: the newest first, back to the last one known."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec

from yizhan.channels.douyin.comments.parse import comment
from yizhan.channels.douyin.parse import moment, word
from yizhan.channels.douyin.send import ask
from yizhan.desk.channels import Line, Pulled

_LIST = "/item/comment/list/"
_MOST_PAGES = 50


class Cursor(msgspec.Struct, frozen=True):
    """`turn` is the video asked next, `page` how far into it; `since` by video, in Unix seconds, and `top` what will
    take its place when the last page is stored."""

    turn: int = 0
    page: int = 0
    pages: int = 0
    top: float = 0.0
    since: dict[str, float] = {}


async def pull(line: Line, cursor: object, token: str) -> Pulled:
    settings = line.account.settings
    at = msgspec.convert(cursor or {}, Cursor)
    if not settings.items:
        return Pulled((), cursor)
    turn = at.turn if at.turn < len(settings.items) else 0
    item = settings.items[turn]
    first = (line.clock.now() - timedelta(hours=settings.first_hours)).timestamp()
    since = at.since.get(item, first)
    entries, following = await page_of(line, item, at.page)
    times = [when.timestamp() if (when := moment(each)) else since for each in entries]
    # Of one second there may be several: those known already are known by their ids.
    fresh = [each for each, when in zip(entries, times, strict=True) if when >= since]
    top = max([at.top, since, *times])
    going = following is not None and len(fresh) == len(entries) > 0 and at.pages + 1 < _MOST_PAGES
    if going:
        after = Cursor(turn, following or 0, at.pages + 1, top, at.since)
    else:
        after = Cursor((turn + 1) % len(settings.items), since={**at.since, item: top})
    found = [comment(each, item, settings.open_id) for each in reversed(fresh)]
    happenings = tuple(each for each in found if each is not None)
    return Pulled(happenings, msgspec.to_builtins(after), more=going or after.turn != 0)


async def page_of(line: Line, item: str, cursor: int) -> tuple[list[dict[str, Any]], int | None]:
    """The entries, and where the next page begins. Raises SendFailed."""
    settings = line.account.settings
    query = {"item_id": item, "cursor": str(cursor), "count": str(settings.page), "sort_type": "time"}
    said = await ask(line, "GET", _LIST, attempt=1, query=query, repeatable=True)
    listed = (said.data or {}).get("list")
    entries = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    following = word(said.data or {}, "cursor")
    more = (said.data or {}).get("has_more") is True and following.isdecimal()
    return entries, int(following) if more else None
