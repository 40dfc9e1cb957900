"""What a visitor said of himself before his first message made him a customer. Sealed; passed on once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from yizhan.desk.trail import store
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Tx


class Words(msgspec.Struct, frozen=True, omit_defaults=True):
    """`email` and `phone` are of good shape; claims, but for the kinds that a signed log-in vouched for: `proved`."""

    name: str = ""
    email: str = ""
    phone: str = ""
    fields: dict[str, str] = {}
    proved: tuple[str, ...] = ()

    def over(self, earlier: Words) -> Words:
        """A later word replaces an earlier one, silence does not."""
        return Words(
            self.name or earlier.name, self.email or earlier.email, self.phone or earlier.phone,
            {**earlier.fields, **self.fields},
            tuple(kind for kind in ("email", "phone")
                  if kind in (self if getattr(self, kind) else earlier).proved),
        )  # fmt: skip


async def keep_words(tx: Tx, vault: Vault, visitor: bytes, inbox_id: UUID, said: Words, now: datetime) -> None:
    whole = said.over(_opened(vault, visitor, await store.words_of(tx, visitor, lock=True)) or Words())
    await store.keep_words(tx, visitor, inbox_id, vault.seal(msgspec.json.encode(whole), aad=visitor), now)


async def words_of(tx: Tx, vault: Vault, visitor: bytes) -> Words | None:
    return _opened(vault, visitor, await store.words_of(tx, visitor, lock=False))


async def take_words(tx: Tx, vault: Vault, visitor: bytes) -> Words | None:
    """Once: what is taken is no longer kept here."""
    known = _opened(vault, visitor, await store.words_of(tx, visitor, lock=True))
    if known is not None:
        await store.delete_words(tx, [visitor])
    return known


def _opened(vault: Vault, visitor: bytes, sealed: bytes | None) -> Words | None:
    return msgspec.json.decode(vault.open(sealed, aad=visitor), type=Words) if sealed else None
