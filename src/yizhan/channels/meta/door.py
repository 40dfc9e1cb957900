"""Who calls: the raw bytes are signed, and the address is confirmed by a token of ours. Pure."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from hashlib import sha256
from urllib.parse import parse_qs

from yizhan.desk.channels import Account, Happening, Heard, Reply, Request, SignatureRefused

TAKEN = Reply(b"EVENT_RECEIVED")
_HEADER = "x-hub-signature-256"


def hear(account: Account, request: Request, parse: Callable[[Account, bytes], tuple[Happening, ...]]) -> Heard:
    """Raises SignatureRefused, and Invalid for what is no such message."""
    if request.method == "GET":
        return Heard(reply=Reply(confirmed(account.secrets.verify_token, request.query).encode()))
    verify(account.secrets.app_secret, request.header(_HEADER), request.body)
    return Heard(parse(account, request.body), TAKEN)


def verify(secret: str, signature: str, body: bytes) -> None:
    """Raises SignatureRefused."""
    expected = "sha256=" + hmac.digest(secret.encode(), body, sha256).hex()
    if not secret or not hmac.compare_digest(signature.strip().encode(errors="replace"), expected.encode()):
        raise SignatureRefused("the signature is wrong")


def confirmed(wanted: str, query: str) -> str:
    """The challenge, said back; raises SignatureRefused where the token is not ours."""
    said = parse_qs(query)
    given = said.get("hub.verify_token", [""])[-1]
    if said.get("hub.mode", [""])[-1] != "subscribe" or not wanted:
        raise SignatureRefused("nobody asks for a confirmation")
    if not hmac.compare_digest(given.encode(errors="replace"), wanted.encode()):
        raise SignatureRefused("the verify token is not ours")
    return said.get("hub.challenge", [""])[-1]


def proof(token: str, app_secret: str) -> str:
    """appsecret_proof: that who calls knows the secret of the app the token is of."""
    return hmac.digest(app_secret.encode(), token.encode(), sha256).hex()
