"""TC3-HMAC-SHA256: a key of the day signs content type, host and, where sent, the action. Pure."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256

import msgspec

ALGORITHM = "TC3-HMAC-SHA256"


class Scope(msgspec.Struct, frozen=True):
    """Who signs for which service; the day is the timestamp's in UTC."""

    secret_id: str
    secret_key: str
    service: str
    timestamp: int

    @property
    def day(self) -> str:
        return f"{datetime.fromtimestamp(self.timestamp, UTC):%Y-%m-%d}"

    @property
    def name(self) -> str:
        return f"{self.day}/{self.service}/tc3_request"

    @property
    def key(self) -> bytes:
        key = b"TC3" + self.secret_key.encode()
        for part in (self.day, self.service, "tc3_request"):
            key = hmac.digest(key, part.encode(), sha256)
        return key


def authorization(scope: Scope, headers: Mapping[str, str], body: bytes) -> str:
    """`headers` are those that are signed; `body` the very bytes that are sent."""
    signed = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name].strip().lower()}\n" for name in sorted(headers))
    canonical = "\n".join(["POST", "/", "", lines, signed, sha256(body).hexdigest()])
    to_sign = "\n".join([ALGORITHM, str(scope.timestamp), scope.name, sha256(canonical.encode()).hexdigest()])
    signature = hmac.digest(scope.key, to_sign.encode(), sha256).hex()
    return f"{ALGORITHM} Credential={scope.secret_id}/{scope.name}, SignedHeaders={signed}, Signature={signature}"
