"""ACS3-HMAC-SHA256: the secret is the key as it is, and exactly the headers named are signed. Pure."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from hashlib import sha256
from urllib.parse import quote

ALGORITHM = "ACS3-HMAC-SHA256"


def authorization(
    key_id: str, secret: str, *, query: Mapping[str, str], headers: Mapping[str, str], method: str = "POST",
    path: str = "/",
) -> str:  # fmt: skip
    """`headers` hold host, the x-acs-* and nothing that is not sent; x-acs-content-sha256 is the body's."""
    signed = sorted(headers)
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in signed)
    canonical = "\n".join([
        method, path, canonical_query(query), lines, ";".join(signed), headers["x-acs-content-sha256"],
    ])  # fmt: skip
    to_sign = f"{ALGORITHM}\n{sha256(canonical.encode()).hexdigest()}"
    signature = hmac.digest(secret.encode(), to_sign.encode(), sha256).hex()
    return f"{ALGORITHM} Credential={key_id},SignedHeaders={';'.join(signed)},Signature={signature}"


def canonical_query(query: Mapping[str, str]) -> str:
    """As it is signed and as it is sent."""
    return "&".join(f"{quote(name, safe='~')}={quote(query[name], safe='~')}" for name in sorted(query))
