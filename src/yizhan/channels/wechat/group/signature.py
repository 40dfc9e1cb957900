"""v1=hex(HMAC-SHA256(secret, timestamp + "." + body)), the timestamp in Unix seconds. Pure."""

from __future__ import annotations

import hmac
from datetime import datetime
from hashlib import sha256

from yizhan.desk.channels import Account, Request, SignatureRefused

TIMESTAMP = "x-bridge-timestamp"
SIGNATURE = "x-bridge-signature"
_DIGITS = 12


def sign(secret: str, timestamp: str, body: bytes) -> str:
    return "v1=" + hmac.digest(secret.encode(), b"%b.%b" % (timestamp.encode(), body), sha256).hex()


def verify(account: Account, request: Request, now: datetime) -> None:
    """Raises SignatureRefused. The signature is checked first: a stranger learns nothing of our clock."""
    secret, timestamp = account.secrets.secret, request.header(TIMESTAMP)
    # While a secret is changed it is signed with both.
    offered = [each.strip().encode(errors="replace") for each in request.header(SIGNATURE).split(",")[:2]]
    expected = sign(secret, timestamp, request.body).encode()
    if not secret or not any(hmac.compare_digest(each, expected) for each in offered):
        raise SignatureRefused("the signature is wrong")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _DIGITS):
        raise SignatureRefused("the timestamp is not in Unix seconds")
    if abs(now.timestamp() - int(timestamp)) > account.settings.tolerance:
        raise SignatureRefused("signed too long ago; if this is not a copy, a clock is wrong")
