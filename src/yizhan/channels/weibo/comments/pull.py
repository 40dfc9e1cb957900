"""What is new since last time, stream by stream, page by page backwards from the newest.

A page that was asked for moves only the cursor that is given back, so a crash asks for the same page again. `since` is
moved once all pages down to it are stored: what falls between two pages is never left out.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode

import msgspec

from yizhan.channels.weibo.comments.parse import Comment, Page, Post, arrivals, comments_of
from yizhan.channels.weibo.comments.settings import WeiboCommentSettings
from yizhan.channels.weibo.errors import WeiboError, refusal
from yizhan.channels.weibo.parse import moment
from yizhan.channels.weibo.send import token_of
from yizhan.desk.channels import Line, Pulled, call, understood

STREAMS = {
    "comments": "/2/comments/to_me.json",
    "comment_mentions": "/2/comments/mentions.json",
    "post_mentions": "/2/statuses/mentions.json",
}


class At(msgspec.Struct, frozen=True):
    """`since`: everything up to it is stored. `top`: the newest of the pages under way. `below`: the next page's."""

    since: int = 0
    top: int = 0
    below: int = 0


class Cursor(msgspec.Struct, frozen=True):
    turn: int = 0
    at: dict[str, At] = {}


async def pull(line: Line, cursor: object, token: str) -> Pulled:
    settings = line.account.settings
    streams = [each for each in STREAMS if getattr(settings, each)]
    known = msgspec.convert(cursor or {}, Cursor)
    if not streams:
        return Pulled((), cursor)
    turn = known.turn if known.turn < len(streams) else 0
    at = known.at.get(streams[turn], At())
    found = comments_of(await page_of(line, settings, STREAMS[streams[turn]], at))
    fresh, ended = _fresh(found, settings, at, line.clock.now())
    after = _after(at, found, settings, ended)
    places = {**known.at, streams[turn]: after}
    turn = turn if after.below else (turn + 1) % len(streams)
    more = bool(turn or after.below)
    happenings = tuple(arrivals(fresh, settings.uid, settings.post_url))
    return Pulled(happenings, msgspec.to_builtins(Cursor(turn, places)), more)


async def page_of(line: Line, settings: WeiboCommentSettings, path: str, at: At) -> Page:
    query = {"access_token": token_of(line), "count": str(settings.page), "since_id": str(at.since)}
    if at.below:
        query["max_id"] = str(at.below)
    url = f"{settings.api_url}{path}?{urlencode(query)}"
    answer = await call(line, "GET", url, attempt=1, timeout=settings.timeout, repeatable=True)
    wrong = refusal(understood(answer, WeiboError, attempt=1, repeatable=True), 1)
    if wrong is not None:
        raise wrong
    return understood(answer, Page, attempt=1, repeatable=True)


def _fresh(
    found: list[tuple[Comment | Post, bytes]], settings: WeiboCommentSettings, at: At, now: datetime
) -> tuple[list[tuple[Comment | Post, bytes]], bool]:
    """What is to be taken, and whether older pages are not: the first time what is long past stays where it is."""
    if at.since:
        return found, False
    oldest = now - timedelta(hours=settings.first_hours)
    fresh = [each for each in found if (moment(each[0].created_at) or now) >= oldest]
    return fresh, len(fresh) < len(found)


def _after(at: At, found: list[tuple[Comment | Post, bytes]], settings: WeiboCommentSettings, ended: bool) -> At:
    ids = [int(one.key) for one, _ in found if one.key.isascii() and one.key.isdecimal()]
    top = max([at.top, at.since, *ids])
    if ended or not ids or len(found) * 2 < settings.page:  # a page comes short of what was deleted meanwhile
        return At(since=top)
    return At(since=at.since, top=top, below=min(ids) - 1)
