"""hex(HMAC-SHA256(secret, timestamp + "." + body)), the timestamp in Unix seconds and at most five minutes off. Pure.

A copy replayed within the window changes nothing: every message has an id of its sender, taken once.
"""

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import ClassVar

from yizhan.foundation.errors import Forbidden

TIMESTAMP = "x-yizhan-timestamp"
SIGNATURE = "x-yizhan-signature"
WINDOW = timedelta(minutes=5)


class SignatureRefused(Forbidden):
    """Not signed by a secret of this inbox, or not lately."""

    code: ClassVar[str] = "signature_refused"


def sign(secret: str, timestamp: str, body: bytes) -> str:
    return hmac.digest(secret.encode(), b"%b.%b" % (timestamp.encode(), body), sha256).hex()


def verify(secrets: Sequence[str], timestamp: str, signature: str, body: bytes, now: datetime) -> None:
    """Raises SignatureRefused. The signature is checked first: a stranger learns nothing of our clock."""
    offered = signature.strip().lower().encode(errors="replace")
    expected = [sign(secret, timestamp, body).encode() for secret in secrets]
    if not any(hmac.compare_digest(offered, each) for each in expected):
        raise SignatureRefused("the signature is wrong")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise SignatureRefused("the timestamp is not in Unix seconds")
    if abs(now.timestamp() - int(timestamp)) > WINDOW.total_seconds():
        raise SignatureRefused("the timestamp is more than five minutes off")
