"""From a reply to the form Weibo takes: text, articles or a position. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from yizhan.channels.weibo.emoji import FACES
from yizhan.channels.weibo.settings import WeiboSettings
from yizhan.desk.outbound import ErrorClass, Letter, SendFailed


def render(letter: Letter, settings: WeiboSettings) -> dict[str, str]:
    """The fields of messages/reply.json, but for the token. Raises SendFailed for what Weibo has no form of."""
    if letter.files:
        raise SendFailed(ErrorClass.BAD_REQUEST, "微博私信接口不能发送文件 / Weibo's interface sends no files")
    kind, said = _formed(letter, letter.payload or {}, settings)
    return {
        "type": kind, "data": msgspec.json.encode(said).decode(), "receiver_id": letter.to,
        "save_sender_box": "1",
    }  # fmt: skip


def _formed(letter: Letter, payload: Mapping[str, Any], settings: WeiboSettings) -> tuple[str, dict[str, Any]]:
    if letter.kind == "location":
        return "position", {"longitude": str(payload.get("longitude")), "latitude": str(payload.get("latitude"))}
    if letter.kind in ("link", "card"):
        several = payload.get("articles") or [payload]
        return "articles", {"articles": [_article(each, letter.text) for each in several[: settings.articles]]}
    text = FACES.to_codes(letter.text, settings.text_chars)
    if not text.strip():
        raise SendFailed(ErrorClass.BAD_REQUEST, "没有可发送的内容 / there is nothing to send")
    if len(text) > settings.text_chars:
        raise SendFailed(
            ErrorClass.CONTENT,
            f"微博私信最多 {settings.text_chars} 字 / a message has at most {settings.text_chars} characters",
        )
    return "text", {"text": text}


def _article(said: Mapping[str, Any], text: str) -> dict[str, str]:
    return {
        "display_name": str(said.get("title") or text)[:100], "summary": str(said.get("text") or text)[:300],
        "image": str(said.get("picture") or ""), "url": str(said.get("url") or ""),
    }  # fmt: skip
