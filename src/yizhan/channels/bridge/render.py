"""From a reply to what the partner is told. Pure."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import msgspec

from yizhan.channels.bridge.settings import BridgeSettings
from yizhan.desk.channels import kind_of_type
from yizhan.desk.outbound import ErrorClass, Letter, LetterFile, SendFailed

KINDS = frozenset({"location", "link", "card", "order"})
_MB = 1024 * 1024


def render(letter: Letter, contents: Sequence[bytes], settings: BridgeSettings) -> bytes:
    """`contents` are those of the letter's files, in their order. Raises SendFailed for what the network refuses."""
    if len(letter.text) > settings.text_chars:
        raise SendFailed(
            ErrorClass.CONTENT, f"最多 {settings.text_chars} 字 / at most {settings.text_chars} characters"
        )
    if any(len(each) > settings.file_mb * _MB for each in contents):
        raise SendFailed(ErrorClass.CONTENT, f"文件最大 {settings.file_mb} MB / files of at most {settings.file_mb} MB")
    message: dict[str, Any] = {
        "id": str(letter.message_id), "kind": letter.kind if letter.kind in KINDS else "text", "text": letter.text,
        "author": letter.author_name, "automatic": letter.automatic,
        "attachments": [_file(file, content) for file, content in zip(letter.files, contents, strict=True)],
    }  # fmt: skip
    if letter.kind in KINDS:
        message[letter.kind] = letter.payload or {}
    answers = next((each.external_id for each in letter.earlier if each.direction == "in"), "")
    return msgspec.json.encode({
        "event_id": str(letter.message_id), "type": "message", "at": letter.at, "message": message, "answers": answers,
        "conversation": str(letter.conversation_id), "customer": {"id": letter.to, "name": letter.to_name},
    })  # fmt: skip


def _file(file: LetterFile, content: bytes) -> dict[str, str]:
    kind = kind_of_type(file.type)
    return {"kind": kind, "name": file.name, "type": file.type, "content_base64": base64.b64encode(content).decode()}
