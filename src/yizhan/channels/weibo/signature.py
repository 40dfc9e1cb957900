"""hex(sha1(app secret, timestamp and nonce, sorted and joined)), the timestamp in milliseconds.

The body is not signed, so whoever once saw a signed address could put other words under it: a nonce serves one body.
"""

from __future__ import annotations

import hmac
from collections import OrderedDict
from datetime import datetime
from hashlib import sha1, sha256
from urllib.parse import parse_qs

from yizhan.desk.channels import Request, SignatureRefused

_MOST_NONCES = 20_000


def sign(secret: str, timestamp: str, nonce: str) -> str:
    return sha1("".join(sorted((secret, timestamp, nonce))).encode()).hexdigest()  # noqa: S324 - Weibo's own


def verify(secret: str, query: dict[str, str], now: datetime, tolerance_s: int) -> None:
    """Raises SignatureRefused. The signature is checked first: a stranger learns nothing of our clock."""
    timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    offered = query.get("signature", "").strip().lower().encode(errors="replace")
    if not secret or not hmac.compare_digest(offered, sign(secret, timestamp, nonce).encode()):
        raise SignatureRefused("the signature is wrong")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 15):
        raise SignatureRefused("the timestamp is not in milliseconds")
    if abs(now.timestamp() * 1000 - int(timestamp)) > tolerance_s * 1000:
        raise SignatureRefused("the timestamp is too far off")


def query_of(request: Request) -> dict[str, str]:
    """The first value of each parameter."""
    return {
        name: values[0] for name, values in parse_qs(request.query, keep_blank_values=True, max_num_fields=50).items()
    }


class Nonces:
    """Of this process; in another one, or after a restart, the freshness of the timestamp still bounds the harm."""

    def __init__(self, most: int = _MOST_NONCES) -> None:
        self._seen: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._most = most

    def ensure_one_body(self, key: str, nonce: str, body: bytes) -> None:
        """The vendor may deliver again under the same nonce, but the same. Raises SignatureRefused."""
        content = sha256(body).digest()
        if self._seen.setdefault((key, nonce), content) != content:
            raise SignatureRefused("this nonce was used for something else")
        if len(self._seen) > self._most:
            self._seen.popitem(last=False)
