"""The queries of this folder, and the sealed part of a row."""

from collections.abc import Mapping
from uuid import UUID

from yizhan.foundation.crypto import OwnedSecrets, Vault
from yizhan.foundation.db import Record, load_queries
from yizhan.records.inboxes.model import Inbox

SQL = load_queries(__package__)
_SECRETS = OwnedSecrets("inbox")


def inbox_of(row: Record, vault: Vault) -> Inbox:
    return Inbox(
        id=row["id"],
        key=row["key"],
        channel=row["channel"],
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
    return _SECRETS.seal(vault, inbox_id.bytes, secrets) if secrets else None


def opened(vault: Vault, inbox_id: UUID, secret: bytes | None) -> dict[str, str]:
    return _SECRETS.open(vault, inbox_id.bytes, secret) if secret else {}


def rewrapped(vault: Vault, inbox_id: UUID, secret: bytes) -> bytes:
    """The same secrets under the current master key; unchanged when they already are."""
    return _SECRETS.rewrap(vault, inbox_id.bytes, secret)
