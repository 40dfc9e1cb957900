"""What a receiver hands over and what it must remember."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

import msgspec


class Fetched(msgspec.Struct, frozen=True):
    """A raw mail. `key` is the UID or UIDL on its server; `size` the whole size when `truncated`."""

    raw: bytes
    key: str
    arrived: datetime | None = None
    size: int = 0
    truncated: bool = False


class Cursor(msgspec.Struct, frozen=True):
    """How far a mailbox was read: IMAP by UID within a UIDVALIDITY, POP3 by the UIDLs still on the server.

    `modseq`: the folder's state when everything in it had been read; the same again means that nothing is new.
    """

    uidvalidity: int = 0
    last_uid: int = 0
    uidls: tuple[str, ...] = ()
    modseq: int = 0


class Mailbox(Protocol):
    """The receiver's other side, kept by the desk."""

    async def take(self, mail: Fetched) -> None:
        """Returns only after the mail is durably committed; a duplicate is a success."""

    async def load_cursor(self) -> Cursor | None: ...

    async def save_cursor(self, cursor: Cursor) -> None: ...

    async def known(self, message_ids: Sequence[str]) -> Collection[str]:
        """Which Message-IDs this inbox already has: asked when the server renumbered its mails."""
