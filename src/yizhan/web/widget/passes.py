"""The token of a visitor: who he is in which inbox, signed, good for a month. Nothing of it is kept by us. Pure."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime, timedelta
from typing import Literal, TypeVar
from uuid import UUID

import msgspec

from yizhan.channels.webchat import Claims, sender_of
from yizhan.desk.intake import Sender, scope_of
from yizhan.foundation.crypto import Signer, Vault

LIFE = timedelta(days=30)
FILE_LIFE = timedelta(days=90)
UPLOAD_LIFE = timedelta(days=3)
_NOBODY = UUID(int=0)
_MOST_CHARS = 2_000
Content = TypeVar("Content", bound=msgspec.Struct)


class Pass(msgspec.Struct, frozen=True, array_like=True):
    """`value` is the visitor's own random id, or the id a site proved; `before` the visitor he was until then."""

    kind: Literal["visitor", "user"]
    value: str
    name: str = ""
    before: str = ""

    @property
    def sender(self) -> Sender:
        return sender_of(self.value, Claims(self.value) if self.kind == "user" else None)


class Upload(msgspec.Struct, frozen=True, array_like=True):
    """A file this visitor brought; only he may send it."""

    hash: str
    name: str
    type: str
    size: int


def issue(signer: Signer, inbox_id: UUID, who: Pass, now: datetime) -> tuple[str, datetime]:
    """The token and when it ends."""
    expires = (now + LIFE).replace(microsecond=0)
    body = _text(who)
    return f"{body}.{signer.session(f'widget {inbox_id} {body}', _NOBODY, expires)}", expires


def read(signer: Signer, inbox_id: UUID, token: str, now: datetime) -> Pass | None:
    body, _, mac = token.partition(".")
    if len(token) > _MOST_CHARS or signer.read_session(f"widget {inbox_id} {body}", mac, now) is None:
        return None
    return _read(body, Pass)


def blind_of(vault: Vault, inbox_id: UUID, who: Pass) -> bytes:
    """The blind index his identity has, or will have."""
    sender = who.sender
    return vault.blind(sender.kind, scope_of(sender.inbox_scoped, inbox_id) + sender.value)


def upload_handle(signer: Signer, blind: bytes, file: Upload, now: datetime) -> str:
    body = _text(file)
    return f"{body}.{signer.session(f'upload {body}', UUID(bytes=blind), now + UPLOAD_LIFE)}"


def read_upload(signer: Signer, blind: bytes, handle: str, now: datetime) -> Upload | None:
    body, _, mac = handle.partition(".")
    if len(handle) > _MOST_CHARS or signer.read_session(f"upload {body}", mac, now) != UUID(bytes=blind):
        return None
    return _read(body, Upload)


def owner_of(blind: bytes) -> UUID:
    """Who brought a file before he has an identity."""
    return UUID(bytes=blind)


def file_token(signer: Signer, owner: UUID, digest: str, now: datetime) -> str:
    """Opens one file to who got it, whatever his session has become."""
    return signer.session(f"file {digest}", owner, now + FILE_LIFE)


def may_read(signer: Signer, digest: str, token: str, now: datetime) -> bool:
    return signer.read_session(f"file {digest}", token, now) is not None


def _text(value: Pass | Upload) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(value)).decode().rstrip("=")


def _read(body: str, kind: type[Content]) -> Content | None:
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)), type=kind)
    except (msgspec.DecodeError, binascii.Error, ValueError):
        return None
