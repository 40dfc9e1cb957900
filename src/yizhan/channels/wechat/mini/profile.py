"""What a mini-program's page hands over of its user: signed and sealed by WeChat with the key of his log-in. Pure."""

from __future__ import annotations

import base64
import binascii
import hmac
from datetime import datetime
from hashlib import sha1
from typing import Any

import msgspec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from yizhan.desk.channels import SignatureRefused
from yizhan.foundation.errors import Invalid

_BLOCK = 16
_MOST_CHARS = 20_000


class Watermark(msgspec.Struct, frozen=True):
    appid: str
    timestamp: int


class WeChatProfile(msgspec.Struct, frozen=True, rename="camel"):
    """What was sealed: of a profile the ids and the name, of a phone number the number."""

    watermark: Watermark
    open_id: str = ""
    union_id: str = ""
    nick_name: str = ""
    pure_phone_number: str = ""
    country_code: str = ""


def ensure_signed(raw: str, signature: str, session_key: str) -> None:
    """`raw` is `rawData` letter by letter. Raises SignatureRefused where WeChat did not sign it in this log-in."""
    made = sha1((raw + session_key).encode(errors="surrogatepass"), usedforsecurity=False).hexdigest()
    if not hmac.compare_digest(made.encode(), signature.strip().lower().encode(errors="surrogatepass")):
        raise SignatureRefused("rawData is not signed with the key of this log-in; call wx.login again")


def unsealed(encrypted: str, iv: str, session_key: str, *, appid: str, now: datetime, seconds: int) -> WeChatProfile:
    """`encryptedData` in clear. Raises SignatureRefused for what was sealed in another log-in, for another mini-program
    or more than `seconds` ago (0: whenever)."""
    plain = _decrypted(encrypted, iv, session_key)
    try:
        said: WeChatProfile = msgspec.json.decode(plain, type=WeChatProfile)
    except (msgspec.DecodeError, UnicodeError):
        raise _another() from None
    if not hmac.compare_digest(said.watermark.appid.encode(), appid.encode()):
        raise SignatureRefused("encryptedData belongs to another mini-program")
    if seconds and abs(now.timestamp() - said.watermark.timestamp) > seconds:
        raise SignatureRefused("encryptedData is too old; ask for it again")
    return said


def phone_of(said: dict[str, Any] | WeChatProfile) -> str:
    """With its country's code; empty where there is none."""
    if isinstance(said, WeChatProfile):
        number, country = said.pure_phone_number, said.country_code
    else:
        number, country = str(said.get("purePhoneNumber") or ""), str(said.get("countryCode") or "")
    return f"+{country or '86'}{number}" if number else ""


def _decrypted(encrypted: str, iv: str, session_key: str) -> bytes:
    if len(encrypted) > _MOST_CHARS:
        raise Invalid("encryptedData is too long", "encrypted_data")
    try:
        key, start = base64.b64decode(session_key, validate=True), base64.b64decode(iv, validate=True)
        content = base64.b64decode(encrypted, validate=True)
        if len(key) != _BLOCK:
            raise _another()
        decryptor = Cipher(algorithms.AES(key), modes.CBC(start)).decryptor()
        plain = decryptor.update(content) + decryptor.finalize()
    except (ValueError, binascii.Error):
        raise _another() from None
    pad = plain[-1] if plain else 0
    if not 1 <= pad <= _BLOCK or plain[-pad:] != bytes([pad]) * pad:
        raise _another()
    return plain[:-pad]


def _another() -> SignatureRefused:
    return SignatureRefused("encryptedData is not sealed with the key of this log-in; call wx.login again")
