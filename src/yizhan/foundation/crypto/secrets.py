"""Secrets that belong to something of the house (an inbox, an outlet, a connector), by name, as they lie in a row."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from yizhan.foundation.crypto.vault import Vault


class OwnedSecrets:
    """`kind` and the owner's id or name bind them to their row: copied to another, they do not open."""

    def __init__(self, kind: str) -> None:
        self._kind = kind.encode() + b"\0"

    def seal(self, vault: Vault, owner: bytes, secrets: Mapping[str, str]) -> bytes:
        return vault.seal(msgspec.json.encode(secrets), aad=self._kind + owner)

    def open(self, vault: Vault, owner: bytes, sealed: bytes) -> dict[str, str]:
        return msgspec.json.decode(vault.open(sealed, aad=self._kind + owner), type=dict[str, str])

    def rewrap(self, vault: Vault, owner: bytes, sealed: bytes) -> bytes:
        """The same under the current master key; unchanged where it lies under it already."""
        return vault.rewrap(sealed, aad=self._kind + owner)
