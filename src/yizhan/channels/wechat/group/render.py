"""A reply as the group's robot is told it. Pure."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import msgspec

from yizhan.channels.wechat.group.parse import RICH, whereto
from yizhan.channels.wechat.group.settings import GroupSettings
from yizhan.desk.channels import kind_of_type
from yizhan.desk.outbound import ErrorClass, Letter, LetterFile, SendFailed


def render(letter: Letter, contents: Sequence[bytes], settings: GroupSettings) -> bytes:
    """`contents` are those of the letter's files, in their order. In a group the member is called by name; without one
    it is said to him alone. Raises SendFailed for nothing to say."""
    if not letter.text.strip() and not letter.files:
        raise SendFailed(ErrorClass.CONTENT, "空消息不能发送 (nothing to send)")
    group, member = whereto(letter.to)
    alone = not group or settings.answers == "private" or bool((letter.payload or {}).get("private"))
    called = "" if alone or not letter.text else f"@{letter.to_name or member} "
    message: dict[str, Any] = {
        "id": str(letter.message_id), "kind": letter.kind if letter.kind in RICH else "text",
        "text": called + letter.text, "mentions": [] if alone else [member], "author": letter.author_name,
        "automatic": letter.automatic,
        "attachments": [_file(file, content) for file, content in zip(letter.files, contents, strict=True)],
    }  # fmt: skip
    if letter.kind in RICH:
        message[letter.kind] = letter.payload or {}
    return msgspec.json.encode({
        "event_id": str(letter.message_id), "type": "message", "at": letter.at, "message": message,
        "group": None if alone else {"id": group}, "customer": {"id": member, "name": letter.to_name},
        "conversation": str(letter.conversation_id),
    })  # fmt: skip


def _file(file: LetterFile, content: bytes) -> dict[str, str]:
    kind = kind_of_type(file.type)
    return {"kind": kind, "name": file.name, "type": file.type, "content_base64": base64.b64encode(content).decode()}
