"""How Tencent signs and encrypts callbacks, from its documentation: SHA-1 over sorted parts, AES-256-CBC with the key's
first half as vector, padding to 32 bytes. Checked against published values."""

from __future__ import annotations

import base64
import hashlib
import secrets

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


class Refusal(Exception):  # noqa: N818 - what is answered
    """Answered with an errcode."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def new_aes_key() -> str:
    """43 letters and digits, as the consoles make them."""
    return "".join(secrets.choice(LETTERS) for _ in range(42)) + "A"


def sha1_of(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def seal(plain: bytes, aes_key: str, receiver: str, random: bytes | None = None) -> str:
    """16 random bytes, four of length, the message, its receiver."""
    content = (random or secrets.token_bytes(16)) + len(plain).to_bytes(4, "big") + plain + receiver.encode()
    missing = 32 - len(content) % 32
    key = base64.b64decode(aes_key + "=")
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    sealed = encryptor.update(content + bytes([missing]) * missing) + encryptor.finalize()
    return base64.b64encode(sealed).decode()


def cdata(**fields: str | int) -> str:
    """Elements in their order, texts as CDATA."""
    return "".join(
        f"<{k}>{v}</{k}>" if isinstance(v, int) else f"<{k}><![CDATA[{v}]]></{k}>" for k, v in fields.items()
    )
