"""From a letter to the calls of a 小程序: text, picture, link, and a card of the mini-program itself. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from yizhan.channels.wechat.inbound import openid_of
from yizhan.channels.wechat.letters import (
    CUSTOM_SEND,
    Part,
    custom,
    ensure_taken,
    refused,
    text_of_letter,
    title_of,
    told,
)
from yizhan.channels.wechat.mini.settings import MiniSettings
from yizhan.channels.wechat.templates import approved
from yizhan.desk.channels import Capabilities, FileLimit
from yizhan.desk.outbound import Letter, LetterFile

NOTICE_SEND = "/cgi-bin/message/subscribe/send"
_IMAGES = ("image/jpeg", "image/png", "image/gif")


def capabilities(settings: MiniSettings) -> Capabilities:
    return Capabilities(
        text_bytes=settings.text_bytes, files=file_limits(settings), kinds=frozenset({"link", "card", "template"}),
        templates_outside=bool(settings.notices), templates=tuple(settings.known_notices.values()),
    )  # fmt: skip


def file_limits(settings: MiniSettings) -> Mapping[str, FileLimit]:
    return {"image": FileLimit(settings.image_bytes, _IMAGES)}


def plan(letter: Letter, settings: MiniSettings) -> Sequence[Part]:
    """Raises SendFailed for what cannot be said here."""
    if letter.kind == "link":
        return [_link(letter)]
    if letter.kind == "card":
        return [_card(letter, settings)]
    if letter.kind == "template":
        return [_notice(letter, settings)]
    parts = [_image(letter, settings, each) for each in letter.files]
    if letter.text or not parts:
        parts.insert(0, _words(letter, settings))
    return parts


def _words(letter: Letter, settings: MiniSettings) -> Part:
    if not letter.text.strip():
        raise refused("此类消息不能经小程序客服发送 such a message cannot be sent here")
    return _said(letter, "text", {"content": text_of_letter(letter, settings.text_bytes)})


def _image(letter: Letter, settings: MiniSettings, file: LetterFile) -> Part:
    kind = ensure_taken(file, file_limits(settings))
    return Part(
        CUSTOM_SEND, lambda media_id: custom(openid_of(letter.to), kind, {"media_id": media_id}), file, kind
    )  # fmt: skip


def _link(letter: Letter) -> Part:
    payload = letter.payload
    if not told(payload, "url"):
        raise refused("链接缺少地址 the link has no address")
    return _said(letter, "link", {
        "title": title_of(payload) or told(payload, "url"), "description": told(payload, "text")[:120],
        "url": told(payload, "url"), "thumb_url": told(payload, "picture"),
    })  # fmt: skip


def _card(letter: Letter, settings: MiniSettings) -> Part:
    """A page of this mini-program; its picture is a file of the letter."""
    if not letter.files or not told(letter.payload, "path"):
        raise refused("小程序卡片需要页面路径和封面图 a card needs the path of its page and a picture")
    if told(letter.payload, "app") not in ("", settings.appid):
        raise refused("只能发送本小程序的卡片 only cards of this mini-program can be sent here")
    picture = letter.files[0]
    ensure_taken(picture, file_limits(settings))
    card = {"title": title_of(letter.payload), "pagepath": told(letter.payload, "path")}

    def body(media_id: str) -> dict[str, Any]:
        return custom(openid_of(letter.to), "miniprogrampage", {**card, "thumb_media_id": media_id})

    return Part(CUSTOM_SEND, body, picture, "image")


def _notice(letter: Letter, settings: MiniSettings) -> Part:
    """So many as he has allowed, whenever he wrote last."""
    notice = approved(letter, settings.known_notices)
    if told(letter.payload, "path"):
        notice["page"] = told(letter.payload, "path")
    return Part(NOTICE_SEND, lambda _: notice)


def _said(letter: Letter, type: str, said: Mapping[str, Any]) -> Part:
    return Part(CUSTOM_SEND, lambda _: custom(openid_of(letter.to), type, said))
