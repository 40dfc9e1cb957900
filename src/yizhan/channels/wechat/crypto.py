"""Signatures and encryption that 公众号, 小程序, 微信客服 and 企业微信 share. Pure.

The signature covers what is encrypted, and what is encrypted names its receiver: a message for another account of the
same owner is refused although it is well signed.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from datetime import datetime
from functools import lru_cache
from hashlib import sha1
from urllib.parse import unquote

import msgspec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from yizhan.channels.wechat.xml import read, text_of
from yizhan.desk.channels import SignatureRefused
from yizhan.foundation.errors import Invalid

AES_KEY_PATTERN = r"^[A-Za-z0-9+/]{43}$"
_BLOCK = 32  # what the padding fills up to; twice the block of AES
_RANDOM, _LENGTH = 16, 4


class Keys(msgspec.Struct, frozen=True):
    """What the console shows and this inbox was given. `receiver` is the AppID, or the CorpID of 企业微信."""

    token: str
    aes_key: str
    receiver: str


def signature(*parts: str) -> str:
    """Of the parts in any order."""
    return sha1("".join(sorted(parts)).encode(errors="surrogatepass"), usedforsecurity=False).hexdigest()


def is_signed(given: str, *parts: str) -> bool:
    return hmac.compare_digest(signature(*parts).encode(), given.encode(errors="surrogatepass"))


def query_of(query: str) -> dict[str, str]:
    """A plus stays a plus: base64 in a query is broken by whoever makes it a space."""
    pairs = (each.partition("=") for each in query.split("&") if each)
    return {unquote(name): unquote(value) for name, _, value in pairs}


def ensure_lately(timestamp: str, now: datetime, seconds: int) -> None:
    """Raises SignatureRefused for what was signed more than `seconds` before or after `now`; 0: whenever."""
    if not seconds:
        return
    if not timestamp.isascii() or not timestamp.isdigit() or abs(now.timestamp() - int(timestamp)) > seconds:
        raise SignatureRefused("signed too long ago; if this is not a copy, the clock of this server is wrong")


def opened(keys: Keys, query: str, body: bytes) -> bytes:
    """The message in a safe-mode callback, XML or JSON: only its encrypted part is believed.

    Raises SignatureRefused, and Invalid for what is no such callback.
    """
    said = query_of(query)
    encrypted = text_of(read(body), "Encrypt")
    return unsealed(keys, said, encrypted)


def echoed(keys: Keys, query: str) -> bytes:
    """What 企业微信 wants back when it checks the address: it encrypts its question."""
    said = query_of(query)
    return unsealed(keys, said, said.get("echostr", ""))


def unsealed(keys: Keys, said: dict[str, str], encrypted: str) -> bytes:
    """`encrypted` in clear, when `said` signs it with `msg_signature`. Raises SignatureRefused."""
    parts = (keys.token, said.get("timestamp", ""), said.get("nonce", ""), encrypted)
    if not keys.token or not encrypted or not is_signed(said.get("msg_signature", ""), *parts):
        raise SignatureRefused("the signature is not that of this inbox's token")
    return decrypt(encrypted, keys.aes_key, keys.receiver)


def decrypt(encrypted: str, aes_key: str, receiver: str) -> bytes:
    """Raises SignatureRefused where it was encrypted with another key or for another receiver."""
    try:
        content = base64.b64decode(encrypted)
        decryptor = _cipher(aes_key).decryptor()
        plain = decryptor.update(content) + decryptor.finalize()
    except (ValueError, binascii.Error):
        raise SignatureRefused("not encrypted with this inbox's EncodingAESKey") from None
    pad = plain[-1] if plain else 0
    start = _RANDOM + _LENGTH
    end = start + int.from_bytes(plain[_RANDOM:start], "big")
    if not 1 <= pad <= _BLOCK or end > len(plain) - pad:
        raise SignatureRefused("not encrypted with this inbox's EncodingAESKey")
    if not hmac.compare_digest(plain[end : len(plain) - pad], receiver.encode()):
        raise SignatureRefused("encrypted for another account than this inbox's")
    return plain[start:end]


def encrypt(plain: bytes, aes_key: str, receiver: str, random: bytes) -> str:
    """`random` are 16 bytes."""
    content = random + len(plain).to_bytes(_LENGTH, "big") + plain + receiver.encode()
    pad = _BLOCK - len(content) % _BLOCK
    encryptor = _cipher(aes_key).encryptor()
    return base64.b64encode(encryptor.update(content + bytes([pad]) * pad) + encryptor.finalize()).decode()


@lru_cache(maxsize=256)
def _cipher(aes_key: str) -> Cipher[modes.CBC]:
    """Raises Invalid for what is no EncodingAESKey. Some have bits in their last character that mean nothing."""
    try:
        key = base64.b64decode(aes_key + "=")
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != _BLOCK:
        raise Invalid("an EncodingAESKey has 43 letters and digits", "aes_key")
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))
