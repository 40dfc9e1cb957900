"""From a letter to what is posted to /me/messages. Pure."""

from __future__ import annotations

from typing import Any

import msgspec

from yizhan.channels.meta.messenger.settings import MessengerSettings
from yizhan.desk.outbound import ErrorClass, Letter, SendFailed


def render(letter: Letter, settings: MessengerSettings) -> dict[str, Any]:
    """Raises SendFailed for what Messenger does not take."""
    said: dict[str, Any] = {"recipient": {"id": letter.to}, "message": _message(letter, settings)}
    if settings.human_agent and not letter.automatic:
        return {**said, "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    return {**said, "messaging_type": "RESPONSE"}


def _message(letter: Letter, settings: MessengerSettings) -> dict[str, Any]:
    ours = {"metadata": str(letter.message_id)}  # said back in the echo
    if letter.files:
        if len(letter.files) > 1 or letter.text.strip():
            raise SendFailed(ErrorClass.BAD_REQUEST, "一次只能发一个文件,不带文字 one file at a time, without words")
        [file] = letter.files
        if file.size > settings.file_bytes:
            raise SendFailed(
                ErrorClass.BAD_REQUEST, f"文件超过 {settings.file_bytes // 1024 // 1024} MB the file is too large"
            )
        return {**ours, "attachment": {"type": type_of(file.type), "payload": {"is_reusable": False}}}
    if not letter.text.strip():
        raise SendFailed(ErrorClass.BAD_REQUEST, "没有内容 there is nothing to send")
    if len(letter.text) > settings.most_chars:
        raise SendFailed(ErrorClass.BAD_REQUEST, f"超过 {settings.most_chars} 字 the text is too long")
    return {**ours, "text": letter.text}


def type_of(kind: str) -> str:
    first = kind.partition("/")[0]
    return first if first in ("image", "video", "audio") else "file"


def fields(said: dict[str, Any]) -> dict[str, str]:
    """The same as fields of a form, which a file needs."""
    return {
        name: value if isinstance(value, str) else msgspec.json.encode(value).decode() for name, value in said.items()
    }
