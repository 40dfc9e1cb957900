"""hex(sha1(client secret + body)): plain SHA-1 over both, not an HMAC. Pure.

There is no time in it; a copy changes nothing, because every message and event has an id that is taken once.
"""

import hmac
from hashlib import sha1

from yizhan.desk.channels import SignatureRefused

HEADER = "x-douyin-signature"


def sign(secret: str, body: bytes) -> str:
    return sha1(secret.encode() + body).hexdigest()  # noqa: S324 - Douyin's own


def verify(secret: str, signature: str, body: bytes) -> None:
    """Raises SignatureRefused."""
    offered = signature.strip().lower().encode(errors="replace")
    if not secret or not hmac.compare_digest(offered, sign(secret, body).encode()):
        raise SignatureRefused("the signature is wrong")
