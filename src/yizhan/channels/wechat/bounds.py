"""What the vendors of this family bound is bytes."""

from __future__ import annotations

from yizhan.desk.outbound import ErrorClass, SendFailed


def ensure_bytes(what: str, words: str, most: int) -> None:
    """Raises SendFailed."""
    size = len(words.encode(errors="replace"))
    if size > most:
        raise SendFailed(
            ErrorClass.CONTENT,
            f"{what}: {size} 字节, 最多 {most} 字节, 请缩短或分开发送 ({size} bytes, at most {most})",
        )
