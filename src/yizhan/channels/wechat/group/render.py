"""A reply as the group's robot is told it. Pure."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from yizhan.channels.wechat.group.parse import whereto
from yizhan.channels.wechat.group.settings import GroupSettings
from yizhan.desk.outbound import ErrorClass, Letter, SendFailed


class Member(msgspec.Struct, frozen=True):
    id: str
    name: str


class Where(msgspec.Struct, frozen=True):
    id: str


class File(msgspec.Struct, frozen=True):
    name: str
    type: str
    content_base64: str


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """`id` never changes for one reply. `group` null: to the member alone. `mentions` are the members to be called."""

    id: UUID
    group: Where | None
    to: Member
    text: str
    mentions: list[str]
    author: str
    kind: str
    payload: dict[str, Any] | None
    files: list[File]
    type: str = "message"


def render(letter: Letter, contents: Sequence[bytes], settings: GroupSettings) -> bytes:
    """`contents` are those of the letter's files, in their order. Raises SendFailed for nothing to say."""
    if not letter.text.strip() and not letter.files:
        raise SendFailed(ErrorClass.CONTENT, "空消息不能发送 (nothing to send)")
    group, member = whereto(letter.to)
    alone = not group or settings.answers == "private" or bool((letter.payload or {}).get("private"))
    files = [
        File(file.name, file.type, base64.b64encode(content).decode())
        for file, content in zip(letter.files, contents, strict=True)
    ]
    text = letter.text
    said = Said(
        id=letter.message_id, group=None if alone else Where(group), to=Member(member, letter.to_name),
        text=text if alone or not text else f"@{letter.to_name or member} {text}", mentions=[] if alone else [member],
        author=letter.author_name, kind=letter.kind, payload=letter.payload, files=files,
    )  # fmt: skip
    return msgspec.json.encode(said)
