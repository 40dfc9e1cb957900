"""Files of a reply as 企业微信 takes them: which kind each is, and whether it may be that. Uploaded one by one."""

from __future__ import annotations

from collections.abc import Mapping

from yizhan.channels.wechat.qyapi import upload
from yizhan.desk.channels import FileLimit, Line
from yizhan.desk.outbound import ErrorClass, Letter, LetterFile, SendFailed

_MB = 1024 * 1024
LIMITS: Mapping[str, FileLimit] = {
    "image": FileLimit(10 * _MB, ("image/jpeg", "image/png")),
    "voice": FileLimit(2 * _MB, ("audio/amr",)),
    "video": FileLimit(10 * _MB, ("video/mp4",)),
    "file": FileLimit(20 * _MB),
}
_LEAST = 6  # bytes


def media_kind(file: LetterFile) -> str:
    """What it is sent as: what is too large for its own kind goes as a plain file. Raises SendFailed."""
    if file.size > LIMITS["file"].most:
        raise SendFailed(ErrorClass.CONTENT, f"{file.name}: 文件超过 20 MB (more than 20 MB)")
    if 0 < file.size < _LEAST:
        raise SendFailed(ErrorClass.CONTENT, f"{file.name}: 文件太小 (fewer than {_LEAST} bytes)")
    for kind in ("image", "voice", "video"):
        limit = LIMITS[kind]
        if file.type in limit.types and file.size <= limit.most:
            return kind
    return "file"


async def as_media(line: Line, letter: Letter) -> list[tuple[str, str]]:
    """Kind and id of each, in their order. Raises SendFailed before anything is uploaded that may not be sent."""
    kinds = [media_kind(each) for each in letter.files]
    return [
        (kind, await upload(line, kind, file.name, file.type, await line.load(file.hash)))
        for kind, file in zip(kinds, letter.files, strict=True)
    ]
