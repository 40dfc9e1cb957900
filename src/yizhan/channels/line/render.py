"""From a letter to a push. LINE takes files only by public addresses, so none are sent. Pure."""

from __future__ import annotations

from typing import Any

import msgspec

from yizhan.channels.line.settings import LineSettings
from yizhan.desk.outbound import ErrorClass, Letter, SendFailed


def render(letter: Letter, settings: LineSettings, *, reply: str = "") -> bytes:
    """Raises SendFailed for what LINE does not take."""
    to = {"replyToken": reply} if reply else {"to": letter.to}
    return msgspec.json.encode({**to, "messages": [_message(letter, settings)]})


def token_for(letter: Letter) -> str:
    """The reply token of the customer's last words, while LINE takes it."""
    for each in letter.earlier:
        handle = (each.payload or {}).get("handle")
        if each.direction == "in" and isinstance(handle, dict) and handle.get("reply"):
            return str(handle["reply"]) if letter.at.timestamp() < float(handle.get("until") or 0) else ""
    return ""


def _message(letter: Letter, settings: LineSettings) -> dict[str, Any]:
    if letter.files:
        raise SendFailed(ErrorClass.BAD_REQUEST, "LINE 不能直接发文件,请发链接 LINE takes no files, send a link")
    place = letter.payload or {}
    if letter.kind == "location" and "latitude" in place:
        name = str(place.get("name") or place.get("address") or "位置")[:100]
        return {
            "type": "location", "title": name, "address": str(place.get("address") or name)[:100],
            "latitude": place["latitude"], "longitude": place["longitude"],
        }  # fmt: skip
    if not letter.text.strip():
        raise SendFailed(ErrorClass.BAD_REQUEST, "没有内容 there is nothing to send")
    if len(letter.text.encode("utf-16-le")) // 2 > settings.text_units:
        raise SendFailed(ErrorClass.BAD_REQUEST, f"超过 {settings.text_units} 字 the text is too long")
    return {"type": "text", "text": letter.text}
