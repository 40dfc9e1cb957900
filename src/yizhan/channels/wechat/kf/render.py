"""A reply as send_msg takes it, within the vendor's bounds. Pure; files are uploaded before, and named by their ids."""

from __future__ import annotations

from base64 import b32decode, b32encode
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from yizhan.channels.wechat.bounds import ensure_bytes
from yizhan.desk.outbound import ErrorClass, Letter, SendFailed

TEXT_BYTES = 2_048
_TITLE, _DESC, _URL, _MINI_TITLE, _MENU = 128, 512, 2_048, 64, 1_024
_OPTIONS, _OPTION_BYTES = 10, 128
Body = dict[str, Any]


def message_id(message_id: UUID, part: int = 0) -> str:
    """The same at every attempt: the vendor takes one only once."""
    short = b32encode(message_id.bytes).decode().rstrip("=").lower()
    return short if part == 0 else f"{short}-{part}"


def ours(msgid: str) -> UUID | None:
    """Which message of ours an id names; None where it is none of ours."""
    short = msgid.partition("-")[0].upper()
    try:
        return UUID(bytes=b32decode(short + "=" * (-len(short) % 8)))
    except ValueError:
        return None


def render(letter: Letter, media: Sequence[tuple[str, str]], *, open_kfid: str) -> list[Body]:
    """One call each for the text and for every file; `media` are kinds and ids in the order of the files.

    Raises SendFailed for what the vendor would not take.
    """
    kind, payload = letter.kind, letter.payload or {}
    if kind in _KINDS and payload:
        said = [_KINDS[kind](payload, letter.text, media)]
    else:
        said = [text(letter.text)] if letter.text.strip() else []
        said += [{"msgtype": what, what: {"media_id": id}} for what, id in media]
    if not said:
        raise SendFailed(ErrorClass.CONTENT, "空消息不能发送 (nothing to send)")
    to = {"touser": letter.to, "open_kfid": open_kfid}
    return [{**to, "msgid": message_id(letter.message_id, part), **each} for part, each in enumerate(said)]


def text(words: str) -> Body:
    ensure_bytes("text", words, TEXT_BYTES)
    return {"msgtype": "text", "text": {"content": words}}


def welcome(words: str, menu: Sequence[str]) -> Body:
    """What is said by itself when somebody enters or leaves."""
    return _menu({"options": menu}, words, ()) if menu else text(words)


def _location(payload: Mapping[str, Any], _: str, __: Sequence[tuple[str, str]]) -> Body:
    place = {name: str(payload.get(name) or "") for name in ("name", "address")}
    try:
        spot = {name: float(payload[name]) for name in ("latitude", "longitude")}
    except (KeyError, TypeError, ValueError):
        raise SendFailed(ErrorClass.CONTENT, "位置缺少经纬度 (a place needs latitude and longitude)") from None
    return {"msgtype": "location", "location": {**place, **spot}}


def _link(payload: Mapping[str, Any], words: str, media: Sequence[tuple[str, str]]) -> Body:
    """A link needs a picture of ours; without one it is a text that can be tapped."""
    title, desc, url = (str(payload.get(name) or "") for name in ("title", "text", "url"))
    picture = _picture(media)
    if picture is None:
        return text("\n".join(filter(None, (words if words != title else "", title, desc, url))))
    for name, value, most in (("title", title, _TITLE), ("text", desc, _DESC), ("url", url, _URL)):
        ensure_bytes(name, value, most)
    return {"msgtype": "link", "link": {"title": title, "desc": desc, "url": url, "thumb_media_id": picture}}


def _card(payload: Mapping[str, Any], _: str, media: Sequence[tuple[str, str]]) -> Body:
    title, app, path = (str(payload.get(name) or "") for name in ("title", "app", "path"))
    picture = _picture(media)
    if not app or picture is None:
        raise SendFailed(ErrorClass.CONTENT, "小程序卡片需要 AppID 和封面图片 (a card needs an app and a picture)")
    ensure_bytes("title", title, _MINI_TITLE)
    card = {"appid": app, "title": title, "thumb_media_id": picture, "pagepath": path}
    return {"msgtype": "miniprogram", "miniprogram": card}


def _menu(payload: Mapping[str, Any], words: str, _: Sequence[tuple[str, str]]) -> Body:
    options = list(payload.get("options") or ())
    if not 1 <= len(options) <= _OPTIONS:
        raise SendFailed(ErrorClass.CONTENT, f"菜单需要 1 至 {_OPTIONS} 项 (a menu has 1 to {_OPTIONS} options)")
    ensure_bytes("text", words, _MENU)
    listed = [_option(at, each) for at, each in enumerate(options, 1)]
    return {"msgtype": "msgmenu", "msgmenu": {"head_content": words, "list": listed}}


def _option(at: int, option: object) -> Body:
    """A text to tap, with an id or an address."""
    said = option if isinstance(option, Mapping) else {"text": option}
    label, url = str(said.get("text") or ""), str(said.get("url") or "")
    if url:
        ensure_bytes("url", url, _URL)
        return {"type": "view", "view": {"url": url, "content": label}}
    ensure_bytes("option", label, _OPTION_BYTES)
    return {"type": "click", "click": {"id": str(said.get("id") or at)[:_OPTION_BYTES], "content": label}}


def _picture(media: Sequence[tuple[str, str]]) -> str | None:
    return next((id for kind, id in media if kind == "image"), None)


_KINDS = {"location": _location, "link": _link, "card": _card, "menu": _menu}
