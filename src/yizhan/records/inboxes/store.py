"""The queries of this folder, and the sealed part of a row."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Record, load_queries
from yizhan.records.inboxes.model import Channel, Inbox

SQL = load_queries(__package__)


def inbox_of(row: Record, vault: Vault) -> Inbox:
    return Inbox(
        id=row["id"],
        key=row["key"],
        channel=Channel(row["channel"]),
        name=row["name"],
        brand_id=row["brand_id"],
        team_id=row["team_id"],
        settings=row["settings"],
        secret_names=sorted(opened(vault, row["id"], row["secret"])),
        enabled=row["enabled"],
        created_at=row["created_at"],
        version=row["version"],
    )


def sealed(vault: Vault, inbox_id: UUID, secrets: Mapping[str, str]) -> bytes | None:
    return vault.seal(msgspec.json.encode(secrets), aad=_aad(inbox_id)) if secrets else None


def opened(vault: Vault, inbox_id: UUID, secret: bytes | None) -> dict[str, str]:
    return msgspec.json.decode(vault.open(secret, aad=_aad(inbox_id)), type=dict[str, str]) if secret else {}


def rewrapped(vault: Vault, inbox_id: UUID, secret: bytes) -> bytes:
    """The same secrets under the current master key; unchanged when they already are."""
    return vault.rewrap(secret, aad=_aad(inbox_id))


def _aad(inbox_id: UUID) -> bytes:
    return b"inbox\0" + inbox_id.bytes
