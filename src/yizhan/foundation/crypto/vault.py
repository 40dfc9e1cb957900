"""AES-256-GCM with the number of the key in front, and the blind index.

Layout of a sealed value: one byte kind, two bytes key number (0 for a data key), 12 bytes nonce, then the
ciphertext with its 16-byte tag. The first three bytes are authenticated together with `aad`.
"""

import hmac
import os
import threading
from hashlib import sha256
from struct import Struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from yizhan.foundation.crypto.keyring import KEY_BYTES, Keyring
from yizhan.foundation.errors import DomainError

_HEAD = Struct(">BH")
_NONCE = 12
_DRAWN = 4096
_BODY = _HEAD.size + _NONCE
_BY_MASTER = 1
_BY_DATA_KEY = 2
_DATA_HEAD = _HEAD.pack(_BY_DATA_KEY, 0)
_BLIND_BYTES = 16

OVERHEAD = _BODY + 16
"""How many bytes longer a sealed value is than its content."""


class Unreadable(DomainError):  # noqa: N818 - a word of the domain
    """The sealed value was altered, belongs elsewhere, or its key is gone. Which of them is not told."""

    code = "unreadable"


class DataKey:
    """The key of one contact: destroying its wrapped form makes everything it sealed unreadable."""

    __slots__ = ("_cipher", "_raw")

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._cipher = AESGCM(raw)

    def seal(self, plain: bytes, *, aad: bytes = b"") -> bytes:
        return _seal(self._cipher, _DATA_HEAD, plain, aad)

    def open(self, sealed: bytes, *, aad: bytes = b"") -> bytes:
        if sealed[: _HEAD.size] != _DATA_HEAD:
            raise Unreadable("not sealed by a data key")
        return _open(self._cipher, sealed, aad)

    def __repr__(self) -> str:
        return "DataKey()"


class Vault:
    """Seals under the current master key, opens under any key of the ring."""

    def __init__(self, keys: Keyring) -> None:
        self._ciphers = {number: AESGCM(key) for number, key in keys.master.items()}
        self._head = _HEAD.pack(_BY_MASTER, keys.current)
        self._cipher = self._ciphers[keys.current]
        self._blind = keys.blind

    def seal(self, plain: bytes, *, aad: bytes = b"") -> bytes:
        return _seal(self._cipher, self._head, plain, aad)

    def open(self, sealed: bytes, *, aad: bytes = b"") -> bytes:
        return _open(self._cipher_of(sealed), sealed, aad)

    def new_key(self) -> DataKey:
        return DataKey(_chance.take(KEY_BYTES))

    def wrap(self, key: DataKey, *, aad: bytes) -> bytes:
        """`aad` names the owner, so that a wrapped key moved to another contact's row does not open."""
        return self.seal(key._raw, aad=aad)

    def unwrap(self, wrapped: bytes, *, aad: bytes) -> DataKey:
        return DataKey(self.open(wrapped, aad=aad))

    def is_current(self, sealed: bytes) -> bool:
        """False when the value waits to be rewrapped under the current master key."""
        return sealed[: _HEAD.size] == self._head

    def rewrap(self, sealed: bytes, *, aad: bytes = b"") -> bytes:
        """The same content under the current master key; what already is comes back unchanged.

        Rotation means rewrapping the data keys and the master's own values: what data keys sealed stays as it is.
        """
        if self.is_current(sealed):
            return sealed
        return self.seal(self.open(sealed, aad=aad), aad=aad)

    def blind(self, kind: str, value: str) -> bytes:
        """Equal values of one kind give equal bytes, and the value cannot be guessed without the key.

        The caller normalises: `+86 139…` and `139…` are two values here.
        """
        return hmac.digest(self._blind, kind.encode() + b"\0" + value.encode(), sha256)[:_BLIND_BYTES]

    def _cipher_of(self, sealed: bytes) -> AESGCM:
        if len(sealed) < OVERHEAD:
            raise Unreadable("too short for a sealed value")
        kind, number = _HEAD.unpack_from(sealed)
        cipher = self._ciphers.get(number)
        if kind != _BY_MASTER or cipher is None:
            raise Unreadable(f"no key {number} in the ring")
        return cipher


def same(left: bytes | str, right: bytes | str) -> bool:
    """Compares in time that does not depend on where they differ."""
    return hmac.compare_digest(_octets(left), _octets(right))


def _octets(value: bytes | str) -> bytes:
    # A stranger's token may hold anything, and `compare_digest` takes no text beyond ASCII.
    return value if isinstance(value, bytes) else value.encode(errors="surrogatepass")


class _Chance:
    """Random bytes of the system, drawn many at once: a call of the system costs more than sealing a short value."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._drawn = b""
        self._at = 0
        os.register_at_fork(after_in_child=self._forget)

    def take(self, count: int) -> bytes:
        with self._lock:
            start, self._at = self._at, self._at + count
            if self._at > len(self._drawn):
                self._drawn, start, self._at = os.urandom(_DRAWN), 0, count
            return self._drawn[start : self._at]

    def _forget(self) -> None:
        # A forked child would otherwise seal with its parent's nonces.
        self._lock = threading.Lock()
        self._drawn, self._at = b"", 0


_chance = _Chance()


def _seal(cipher: AESGCM, head: bytes, plain: bytes, aad: bytes) -> bytes:
    nonce = _chance.take(_NONCE)
    return head + nonce + cipher.encrypt(nonce, plain, head + aad)


def _open(cipher: AESGCM, sealed: bytes, aad: bytes) -> bytes:
    head, nonce = sealed[: _HEAD.size], sealed[_HEAD.size : _BODY]
    try:
        return cipher.decrypt(nonce, sealed[_BODY:], head + aad)
    except (InvalidTag, ValueError) as refusal:
        raise Unreadable("the sealed value does not open") from refusal
