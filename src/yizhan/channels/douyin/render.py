"""From a reply to what Douyin takes: a text that answers a message of his. Pure."""

from __future__ import annotations

import re
from typing import Any

from yizhan.channels.douyin.emoji import FACES
from yizhan.channels.douyin.settings import DouyinSettings
from yizhan.desk.outbound import ErrorClass, Letter, SendFailed

_LINK = re.compile(r"https?://|www\.[a-z0-9-]+\.", re.IGNORECASE)
_TEXT = 1


def render(letter: Letter, settings: DouyinSettings) -> dict[str, Any]:
    """Raises SendFailed for what Douyin has no form of."""
    handle = handle_of(letter)
    return {
        "msg_id": str(handle.get("message") or ""), "conversation_id": str(handle.get("conversation") or ""),
        "to_user_id": letter.to, "scene": "im_reply_msg",
        "content": {"msg_type": _TEXT, "text": {"text": text_of(letter, settings.text_chars, links=settings.links)}},
    }  # fmt: skip


def text_of(letter: Letter, most: int, *, links: bool) -> str:
    if letter.files:
        raise SendFailed(ErrorClass.BAD_REQUEST, "抖音接口不能发送文件 / Douyin's interface sends no files")
    text = FACES.to_codes(letter.text, most)
    if not text.strip() or len(text) > most:
        raise SendFailed(ErrorClass.CONTENT, f"抖音消息为 1 至 {most} 字 / a message has 1 to {most} characters")
    if not links and _LINK.search(text):
        raise SendFailed(ErrorClass.CONTENT, "抖音不允许发送站外链接 / Douyin takes no links to other sites")
    return text


def handle_of(letter: Letter) -> dict[str, Any]:
    """What he last wrote is what is answered. Raises SendFailed where he wrote nothing."""
    for each in letter.earlier:
        handle = (each.payload or {}).get("handle")
        if each.direction == "in" and isinstance(handle, dict):
            return handle
    raise SendFailed(ErrorClass.WINDOW_CLOSED, "抖音只能回复对方的消息 / only a message of his can be answered")
