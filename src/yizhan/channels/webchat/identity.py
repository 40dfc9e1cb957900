"""The host page's server vouches for its visitor: an HMAC of the id, or better a short-lived JWT.

A hash has no end and can be replayed by who saw it once; a JWT ends within the hour. Unproved attributes are shown as
未验证 and never open a history.
"""

import base64
import binascii
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import ClassVar, TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from yizhan.channels.webchat.settings import IdentityMode, WebchatSecret
from yizhan.foundation.errors import Forbidden

SKEW = timedelta(seconds=60)
LONGEST = timedelta(minutes=60)
_MAX_TOKEN_CHARS = 8_000
_ES256_BYTES = 64
_Part = TypeVar("_Part")


class IdentityRefused(Forbidden):
    """The proof does not hold; the message tells the site's developer why."""

    code: ClassVar[str] = "identity_refused"


class Claims(msgspec.Struct, frozen=True):
    """Who the visitor is, as proved."""

    user_id: str
    email: str = ""
    name: str = ""
    phone: str = ""


class _Header(msgspec.Struct):
    alg: str


class _Payload(msgspec.Struct):
    exp: int
    user_id: str | int
    iat: int | None = None
    nbf: int | None = None
    aud: str | list[str] | None = None
    email: str = ""
    name: str = ""
    phone: str = ""


def proved(
    mode: IdentityMode, secrets: WebchatSecret, audience: str, now: datetime, *, id: str, jwt: str = "", hash: str = ""
) -> Claims | None:
    """Who it is, or None when nothing was offered as proof. A wrong proof is refused, not ignored."""
    if jwt:
        claims = verify_jwt(jwt, secrets, audience, now)
        if id and claims.user_id != id:
            raise IdentityRefused("the token is for another user id")
        return claims
    if not hash:
        return None
    if mode is IdentityMode.JWT:
        raise IdentityRefused("this inbox takes only a JWT")
    if not verify_hash(id, hash, secrets.shared):
        raise IdentityRefused("the hash does not belong to this user id")
    return Claims(user_id=id)


def verify_hash(identifier: str, given: str, secrets: Sequence[str]) -> bool:
    """hex(HMAC-SHA256(secret, identifier)), the form Intercom and Chatwoot made common."""
    offered = given.strip().lower().encode()
    expected = [hmac.digest(secret.encode(), identifier.encode(), sha256).hex().encode() for secret in secrets]
    return bool(identifier) and any(hmac.compare_digest(offered, each) for each in expected)


def verify_jwt(token: str, secrets: WebchatSecret, audience: str, now: datetime) -> Claims:
    """HS256 or ES256, nothing else; `aud`, when given, must name the inbox; the life is bounded."""
    head, payload, signature = _parts(token)
    _check_signature(_decoded(head, _Header).alg, f"{head}.{payload}".encode(), _unbase64(signature), secrets)
    claims = _decoded(payload, _Payload)
    _check_times(claims, now)
    if claims.aud is not None and audience not in ([claims.aud] if isinstance(claims.aud, str) else claims.aud):
        raise IdentityRefused("the token is for another inbox")
    user_id = str(claims.user_id)
    if not 0 < len(user_id) <= 200:
        raise IdentityRefused("user_id is empty or too long")
    return Claims(user_id, claims.email[:200], claims.name[:200], claims.phone[:40])


def _parts(token: str) -> tuple[str, str, str]:
    parts = token.split(".") if len(token) <= _MAX_TOKEN_CHARS else []
    if len(parts) != 3:
        raise IdentityRefused("not a signed JWT")
    return parts[0], parts[1], parts[2]


def _check_signature(algorithm: str, content: bytes, signature: bytes, secrets: WebchatSecret) -> None:
    match algorithm:
        case "HS256":
            made = [hmac.digest(secret.encode(), content, sha256) for secret in secrets.shared]
            good = any(hmac.compare_digest(signature, each) for each in made)
        case "ES256":
            good = _es256(content, signature, secrets.identity_key)
        case _:
            raise IdentityRefused("the algorithm must be HS256 or ES256")
    if not good:
        raise IdentityRefused("the signature is wrong")


def _es256(content: bytes, signature: bytes, pem: str) -> bool:
    if not pem or len(signature) != _ES256_BYTES:
        return False
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        return False
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        key.verify(encode_dss_signature(r, s), content, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _check_times(claims: _Payload, now: datetime) -> None:
    at, skew = now.timestamp(), SKEW.total_seconds()
    if at >= claims.exp + skew:
        raise IdentityRefused("the token is over")
    if claims.exp - at > LONGEST.total_seconds() + skew:
        raise IdentityRefused("the token lives longer than an hour")
    if max(claims.iat or 0, claims.nbf or 0) > at + skew:
        raise IdentityRefused("the token is from the future")


def _decoded(part: str, kind: type[_Part]) -> _Part:
    try:
        return msgspec.json.decode(_unbase64(part), type=kind)
    except msgspec.DecodeError as error:
        raise IdentityRefused(f"the token says: {error}") from error


def _unbase64(text: str) -> bytes:
    try:
        return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise IdentityRefused("not base64url") from error
