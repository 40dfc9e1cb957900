"""Tokens that travel through other people's hands: mail plus-addresses and widget sessions.

Both are lower-case base32 read without regard to case, because mail servers fold the local part of an address.
"""

import base64
import hmac
from binascii import Error as BadBase32
from datetime import datetime
from hashlib import sha256
from struct import Struct
from uuid import UUID

from yizhan.foundation.crypto.keyring import Keyring
from yizhan.foundation.crypto.vault import same

_MAIL_MAC_CHARS = 10  # 50 bits: each guess costs the guesser one whole mail
_SESSION = Struct(">Q16s")
_SESSION_MAC_BYTES = 16


class Signer:
    """Signs ids. `purpose` keeps a token made for one use from being taken in another."""

    def __init__(self, keys: Keyring) -> None:
        self._key = keys.signing

    def address(self, purpose: str, subject: UUID) -> str:
        """`c<id>.<mac>` for a plus-address: 38 characters with a purpose of one letter, so the local part fits 64."""
        head = purpose + _base32(subject.bytes)
        return f"{head}.{self._mail_mac(head)}"

    def read_address(self, purpose: str, token: str) -> UUID | None:
        """Whose address it is, or None when we did not sign it for this purpose."""
        head, _, mac = token.lower().partition(".")
        raw = _unbase32(head[len(purpose) :])
        if not head.startswith(purpose) or raw is None or len(raw) != 16:
            return None
        return UUID(bytes=raw) if same(mac, self._mail_mac(head)) else None

    def session(self, purpose: str, subject: UUID, expires: datetime) -> str:
        """A token good until `expires`, to the second."""
        content = _SESSION.pack(int(expires.timestamp()), subject.bytes)
        return _base32(content + self._session_mac(purpose, content))

    def read_session(self, purpose: str, token: str, now: datetime) -> UUID | None:
        """Whose session it is, or None when it is not ours, for another purpose, or over."""
        raw = _unbase32(token.lower())
        if raw is None or len(raw) != _SESSION.size + _SESSION_MAC_BYTES:
            return None
        content, mac = raw[: _SESSION.size], raw[_SESSION.size :]
        if not same(mac, self._session_mac(purpose, content)):
            return None
        expires, subject = _SESSION.unpack(content)
        return UUID(bytes=subject) if now.timestamp() < expires else None

    def _mail_mac(self, head: str) -> str:
        return _base32(self._digest(b"mail\0" + head.encode(errors="surrogatepass")))[:_MAIL_MAC_CHARS]

    def _session_mac(self, purpose: str, content: bytes) -> bytes:
        return self._digest(b"session\0" + purpose.encode() + b"\0" + content)[:_SESSION_MAC_BYTES]

    def _digest(self, message: bytes) -> bytes:
        return hmac.digest(self._key, message, sha256)


def _base32(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()


def _unbase32(text: str) -> bytes | None:
    """None when it is not base32, or not in the one spelling we write."""
    try:
        raw = base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    except (BadBase32, ValueError):
        return None
    return raw if _base32(raw) == text else None
