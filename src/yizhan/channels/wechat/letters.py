"""What 公众号 and 小程序 say alike of a letter: the parts it is sent as, and what is refused before. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from yizhan.channels.wechat.emoji import as_codes
from yizhan.desk.channels import FileLimit, MediaKind, kind_of_type
from yizhan.desk.outbound import ErrorClass, Letter, LetterFile, SendFailed

CUSTOM_SEND = "/cgi-bin/message/custom/send"
_TITLE_CHARS = 64


class Part(msgspec.Struct, frozen=True):
    """One call: `body` is made of the media id of `upload`, empty where there is none. `repeatable`: the vendor knows
    one it has had before."""

    path: str
    body: Callable[[str], dict[str, Any]]
    upload: LetterFile | None = None
    upload_kind: str = ""
    repeatable: bool = False


def refused(words: str) -> SendFailed:
    """Nothing was sent, and sending it again would change nothing."""
    return SendFailed(ErrorClass.CONTENT, words)


def custom(openid: str, type: str, said: Mapping[str, Any]) -> dict[str, Any]:
    return {"touser": openid, "msgtype": type, type: dict(said)}


def text_of_letter(letter: Letter, most_bytes: int) -> str:
    """Bytes as UTF-8 are what the vendor counts."""
    text = as_codes(letter.text)
    if (size := len(text.encode())) > most_bytes:
        raise refused(
            f"微信文本最多 {most_bytes} 字节，此条 {size} a text has at most {most_bytes} bytes, this one {size}"
        )
    return text


def ensure_taken(file: LetterFile, limits: Mapping[str, FileLimit]) -> MediaKind:
    """Raises SendFailed for a file the vendor would refuse."""
    kind = kind_of_type(file.type)
    limit = limits.get(kind)
    if limit is None:
        raise refused(
            f"微信客服消息不能发送此类文件，可改发链接 {file.name}: such a file cannot be sent here; send a link"
        )
    if limit.types and file.type not in limit.types:
        raise refused(f"微信不支持 {file.type} {file.name}: only {', '.join(limit.types)} can be sent")
    if file.size > limit.most:
        raise refused(f"文件过大 {file.name} has {file.size} bytes, at most {limit.most} can be sent")
    return kind


def told(payload: Mapping[str, Any] | None, name: str) -> str:
    value = (payload or {}).get(name)
    return value if isinstance(value, str) else ""


def title_of(payload: Mapping[str, Any] | None) -> str:
    return told(payload, "title")[:_TITLE_CHARS]


def options_of(payload: Mapping[str, Any] | None) -> list[dict[str, str]]:
    """What may be tapped: texts, or texts with an id."""
    found = []
    for at, each in enumerate((payload or {}).get("options") or (), 1):
        if isinstance(each, Mapping):
            found.append({"id": str(each.get("id", at)), "content": as_codes(str(each.get("text", "")))})
        else:
            found.append({"id": str(at), "content": as_codes(str(each))})
    return found
