"""Secrets we hand out: 256 random bits, of which we keep a digest.

A plain digest is enough here: unlike a password, such a secret cannot be guessed.
"""

import secrets
from hashlib import sha256

TOKEN_PREFIX = "yzt_"  # noqa: S105 - what our tokens begin with, for scanners of leaked secrets


def new_secret(prefix: str = "") -> str:
    return prefix + secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    return sha256(secret.encode(errors="surrogatepass")).digest()
