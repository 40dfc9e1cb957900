"""Addresses of ours in mails: files too large to enclose, and the way out of notices. Signed, and only under https."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import quote
from uuid import UUID

from yizhan.foundation.crypto import Signer

FILE_DAYS = 30
_NOTICE_LIFE = timedelta(days=5 * 365)
_UNSUBSCRIBE = "unsubscribe"


def usable(public_url: str) -> bool:
    """Without https neither a provider's one click works nor is a file safe on its way."""
    return public_url.startswith("https://")


def unsubscribe_url(public_url: str, signer: Signer, message_id: UUID, at: datetime) -> str:
    return f"{public_url}/mail/unsubscribe/{signer.session(_UNSUBSCRIBE, message_id, at + _NOTICE_LIFE)}"


def read_unsubscribe(signer: Signer, token: str, now: datetime) -> UUID | None:
    """The notice that brought it."""
    return signer.read_session(_UNSUBSCRIBE, token, now)


def file_url(public_url: str, signer: Signer, message_id: UUID, name: str, digest: str, at: datetime) -> str:
    token = signer.session(_file(digest), message_id, at + timedelta(days=FILE_DAYS))
    return f"{public_url}/mail/files/{digest}/{token}/{quote(name, safe='')}"


def read_file(signer: Signer, digest: str, token: str, now: datetime) -> UUID | None:
    """The message that the file was sent with."""
    return signer.read_session(_file(digest), token, now)


def _file(digest: str) -> str:
    return f"letter-file:{digest}"


def enclosed(sizes: list[int], limit: int) -> list[bool]:
    """Which files fit into a mail: as they come, while there is room."""
    fit, room = [], limit
    for size in sizes:
        fit.append(size <= room)
        room -= size if size <= room else 0
    return fit


def listed(links: list[tuple[str, int, str]]) -> str:
    """Name, size and address of each, as a paragraph for the end of a mail."""
    head = f"附件（下载链接 {FILE_DAYS} 天内有效） Attachments (links are valid for {FILE_DAYS} days):"
    return "\n".join([head, *(f"- {name} ({_size(size)}): {url}" for name, size, url in links)])


def _size(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(1, size // 1024)} KB"
