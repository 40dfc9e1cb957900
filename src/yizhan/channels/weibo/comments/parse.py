"""From a page of comments or posts to messages. Pure: what lacks the least of a comment is left for who reads logs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from yizhan.channels.weibo.emoji import FACES
from yizhan.channels.weibo.parse import Id, moment, under, who
from yizhan.desk.channels import Arrival, Media

_THUMBNAIL, _LARGE = "/thumbnail/", "/large/"
_MOST_PICTURES = 9


class Author(msgspec.Struct, frozen=True):
    id: Id = ""
    idstr: str = ""
    screen_name: str = ""

    @property
    def uid(self) -> str:
        return self.idstr or str(self.id)


class Picture(msgspec.Struct, frozen=True):
    thumbnail_pic: str = ""


class Post(msgspec.Struct, frozen=True):
    """A post: one that mentions us, or the one a comment stands under. A deleted one has no author."""

    id: Id = ""
    idstr: str = ""
    text: str = ""
    created_at: str = ""
    user: Author | None = None
    pic_urls: tuple[Picture, ...] = ()

    @property
    def key(self) -> str:
        return self.idstr or str(self.id)


class Comment(msgspec.Struct, frozen=True):
    id: Id = ""
    idstr: str = ""
    text: str = ""
    created_at: str = ""
    user: Author | None = None
    status: Post | None = None

    @property
    def key(self) -> str:
        return self.idstr or str(self.id)


class Page(msgspec.Struct, frozen=True):
    """The newest first, whichever of both was asked for."""

    comments: tuple[msgspec.Raw, ...] = ()
    statuses: tuple[msgspec.Raw, ...] = ()


def comments_of(page: Page) -> list[tuple[Comment | Post, bytes]]:
    """Each with what it was read from; one that cannot be read is an empty comment."""
    found: list[tuple[Comment | Post, bytes]] = [(_read(each, Comment), bytes(each)) for each in page.comments]
    return found + [(_read(each, Post), bytes(each)) for each in page.statuses]


def _read(raw: msgspec.Raw, form: Any) -> Any:
    try:
        return msgspec.json.decode(raw, type=form)
    except (msgspec.DecodeError, UnicodeError):
        return _least(raw, form)


def _least(raw: msgspec.Raw, form: Any) -> Any:
    """Its id and author where they can be read: it is kept as something nobody could read."""
    try:
        said = msgspec.json.decode(raw, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeError):
        return form()
    author = said.get("user")
    uid = str(author.get("id", "")) if isinstance(author, dict) else ""
    return form(id=str(said.get("idstr") or said.get("id") or ""), user=Author(id=uid))


def arrivals(said: Sequence[tuple[Comment | Post, bytes]], own: str, post_url: str) -> list[Arrival]:
    """The oldest first; what the account said itself is left out, and what is gone already (it has no author)."""
    return [
        _comment(one, raw, post_url) if isinstance(one, Comment) else _mention(one, raw, post_url)
        for one, raw in reversed(said)
        if one.key and one.user is not None and one.user.uid not in ("", own)
    ]


def _comment(one: Comment, raw: bytes, post_url: str) -> Arrival:
    assert one.user is not None
    post = one.status or Post()
    payload = {
        "handle": {"comment": one.key, "post": post.key},
        "about": {"text": FACES.to_unicode(post.text)[:500], "url": f"{post_url}/{post.key}" if post.key else ""},
    }
    return _arrival(f"comment:{one.key}", post.key, one, raw, payload, ())


def _mention(one: Post, raw: bytes, post_url: str) -> Arrival:
    """A post of his own that mentions us: the answer is a comment under it."""
    pictures = [each.thumbnail_pic for each in one.pic_urls if each.thumbnail_pic.startswith("http")]
    media = tuple(
        Media(kind="image", ref={"url": each.replace(_THUMBNAIL, _LARGE)}) for each in pictures[:_MOST_PICTURES]
    )
    payload = {"handle": {"post": one.key}, "about": {"text": "", "url": f"{post_url}/{one.key}"}}
    return _arrival(f"post:{one.key}", one.key, one, raw, payload, media)


def _arrival(
    id: str, post: str, one: Comment | Post, raw: bytes, payload: dict[str, Any], media: tuple[Media, ...]
) -> Arrival:
    """Below `post`; one that cannot be told is no thread."""
    assert one.user is not None
    himself = who(one.user.uid)
    text = FACES.to_unicode(one.text)
    kind = "text" if text.strip() else "image" if media else "unsupported"
    if kind == "unsupported":
        payload = {**payload, "type": id.partition(":")[0]}
    return Arrival(
        id=id, who=under(post, one.user.uid) if post else himself, of=himself if post else None,
        name=one.user.screen_name, kind=kind, text=text, payload=payload, media=media, at=moment(one.created_at),
        raw=raw if kind == "unsupported" else b"",
    )  # fmt: skip
