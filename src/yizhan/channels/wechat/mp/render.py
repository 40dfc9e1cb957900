"""From a letter to the calls of a 公众号. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from yizhan.channels.wechat.inbound import openid_of
from yizhan.channels.wechat.letters import (
    CUSTOM_SEND,
    Part,
    custom,
    ensure_taken,
    options_of,
    refused,
    text_of_letter,
    title_of,
    told,
)
from yizhan.channels.wechat.mp.settings import MpSettings
from yizhan.channels.wechat.templates import approved, leads_to
from yizhan.desk.channels import Capabilities, FileLimit
from yizhan.desk.outbound import Letter, LetterFile

TEMPLATE_SEND = "/cgi-bin/message/template/send"
NOTICE_SEND = "/cgi-bin/message/subscribe/bizsend"
_IMAGES = ("image/jpeg", "image/png", "image/gif")
_VOICES = ("audio/amr", "audio/mpeg", "audio/mp3")
Maker = Callable[[Letter, MpSettings], Part]


def capabilities(settings: MpSettings) -> Capabilities:
    return Capabilities(
        text_bytes=settings.text_bytes, files=file_limits(settings), templates_outside=True,
        kinds=frozenset({"link", "card", "menu", "template"}),
        templates=(*settings.known_templates.values(), *settings.known_notices.values()),
    )  # fmt: skip


def file_limits(settings: MpSettings) -> Mapping[str, FileLimit]:
    return {
        "image": FileLimit(settings.image_bytes, _IMAGES),
        "voice": FileLimit(settings.voice_bytes, _VOICES),
        "video": FileLimit(settings.video_bytes, ("video/mp4",)),
    }


def plan(letter: Letter, settings: MpSettings) -> Sequence[Part]:
    """Raises SendFailed for what cannot be said here."""
    maker = _MAKERS.get(letter.kind)
    if maker is not None:
        return [maker(letter, settings)]
    parts = [_file(letter, settings, each) for each in letter.files]
    if letter.text or not parts:
        parts.insert(0, _words(letter, settings))
    return parts


def _words(letter: Letter, settings: MpSettings) -> Part:
    if not letter.text.strip():
        raise refused("此类消息不能经公众号发送 such a message cannot be sent here")
    text = text_of_letter(letter, settings.text_bytes)
    options = options_of(letter.payload)
    if options:
        menu = {"head_content": text, "list": options, "tail_content": told(letter.payload, "tail")}
        return _said(letter, settings, "msgmenu", menu)
    return _said(letter, settings, "text", {"content": text})


def _file(letter: Letter, settings: MpSettings, file: LetterFile) -> Part:
    kind = ensure_taken(file, file_limits(settings))

    def body(media_id: str) -> dict[str, Any]:
        said = {"media_id": media_id}
        if kind == "video":  # a picture of its own is asked for, and its own first one is taken
            said |= {"thumb_media_id": media_id, "title": file.name[:64], "description": ""}
        return _whole(letter, settings, kind, said)

    return Part(CUSTOM_SEND, body, file, kind)


def _link(letter: Letter, settings: MpSettings) -> Part:
    payload = letter.payload
    if not told(payload, "url"):
        raise refused("链接缺少地址 the link has no address")
    article = {
        "title": title_of(payload) or told(payload, "url"), "description": told(payload, "text")[:120],
        "url": told(payload, "url"), "picurl": told(payload, "picture"),
    }  # fmt: skip
    return _said(letter, settings, "news", {"articles": [article]})


def _card(letter: Letter, settings: MpSettings) -> Part:
    """A card of a mini-program bound to the account; its picture is a file of the letter."""
    if not letter.files or not told(letter.payload, "app"):
        raise refused("小程序卡片需要 AppID 和封面图 a card needs the AppID of its mini-program and a picture")
    card = {
        "title": title_of(letter.payload), "appid": told(letter.payload, "app"),
        "pagepath": told(letter.payload, "path"),
    }  # fmt: skip
    picture = letter.files[0]
    ensure_taken(picture, {"image": FileLimit(settings.image_bytes, _IMAGES)})
    return Part(
        CUSTOM_SEND,
        lambda media_id: _whole(letter, settings, "miniprogrampage", {**card, "thumb_media_id": media_id}),
        picture, "image",
    )  # fmt: skip


def _article(letter: Letter, settings: MpSettings) -> Part:
    """One that is published on the account, or kept there as 图文."""
    if told(letter.payload, "article_id"):
        return _said(letter, settings, "mpnewsarticle", {"article_id": told(letter.payload, "article_id")})
    return _said(letter, settings, "mpnews", {"media_id": told(letter.payload, "media_id")})


def _music(letter: Letter, settings: MpSettings) -> Part:
    payload = letter.payload
    music = {
        "title": title_of(payload), "description": told(payload, "text"), "musicurl": told(payload, "url"),
        "hqmusicurl": told(payload, "hq_url") or told(payload, "url"),
    }  # fmt: skip
    if not letter.files:
        raise refused("音乐消息需要封面图 music needs a picture")
    return Part(
        CUSTOM_SEND, lambda media_id: _whole(letter, settings, "music", {**music, "thumb_media_id": media_id}),
        letter.files[0], "thumb",
    )  # fmt: skip


def _coupon(letter: Letter, settings: MpSettings) -> Part:
    return _said(letter, settings, "wxcard", {"card_id": told(letter.payload, "card_id")})


def _template(letter: Letter, settings: MpSettings) -> Part:
    """Goes outside the window too. 模板消息 are known when they come again under their `client_msg_id`; of 订阅通知 the
    customer has allowed so many."""
    if told(letter.payload, "template") in settings.known_notices:
        notice = approved(letter, settings.known_notices)
        if page := leads_to(letter):
            notice["miniprogram"] = page
        return Part(NOTICE_SEND, lambda _: notice)
    body = {**approved(letter, settings.known_templates), "client_msg_id": letter.message_id.hex}
    if told(letter.payload, "url"):
        body["url"] = told(letter.payload, "url")
    if page := leads_to(letter):
        body["miniprogram"] = page
    return Part(TEMPLATE_SEND, lambda _: body, repeatable=True)


def _said(letter: Letter, settings: MpSettings, type: str, said: Mapping[str, Any]) -> Part:
    return Part(CUSTOM_SEND, lambda _: _whole(letter, settings, type, said))


def _whole(letter: Letter, settings: MpSettings, type: str, said: Mapping[str, Any]) -> dict[str, Any]:
    body = custom(openid_of(letter.to), type, said)
    if settings.kf_account:
        body["customservice"] = {"kf_account": settings.kf_account}
    return body


_MAKERS: Mapping[str, Maker] = {
    "link": _link, "card": _card, "article": _article, "music": _music, "coupon": _coupon, "template": _template,
}  # fmt: skip
