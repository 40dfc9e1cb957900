"""base64(HMAC-SHA256(channel secret, raw body)). Pure."""

import hmac
from base64 import b64encode
from hashlib import sha256

from yizhan.desk.channels import SignatureRefused


def sign(secret: str, body: bytes) -> str:
    return b64encode(hmac.digest(secret.encode(), body, sha256)).decode()


def verify(secret: str, signature: str, body: bytes) -> None:
    """Raises SignatureRefused."""
    given = signature.strip().encode(errors="replace")
    if not secret or not hmac.compare_digest(given, sign(secret, body).encode()):
        raise SignatureRefused("the signature is wrong")
