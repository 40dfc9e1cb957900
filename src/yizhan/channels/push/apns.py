"""Apple Push Notification service: HTTP/2, an ES256 token of our own.

developer.apple.com/documentation/usernotifications: Sending notification requests to APNs; Establishing a token-based
connection.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from yizhan.channels.push.model import Ask, Request, TokenOver, b64url, encoded, unclear
from yizhan.desk.channels import Granted
from yizhan.desk.push import PushAccount, PushFailed, Ring
from yizhan.foundation.http import Http, Response

NAME = "push.apns"
_LIFE_S = 3000  # Apple refuses tokens older than an hour, and who makes them more often than every twenty minutes
_KEPT = timedelta(hours=1)
_GONE = frozenset({"BadDeviceToken", "Unregistered", "DeviceTokenNotForTopic", "ExpiredToken"})
_STALE = frozenset({"ExpiredProviderToken"})
_LATER = frozenset({"TooManyRequests", "TooManyProviderTokenUpdates", "InternalServerError", "ServiceUnavailable",
                    "Shutdown", "IdleTimeout"})  # fmt: skip


class _Said(msgspec.Struct):
    reason: str = ""


def entry(http: Http, account: PushAccount, now: datetime) -> Ask | None:
    async def ask() -> Granted:
        return Granted(provider_token(account, now), _LIFE_S)

    return ask


def provider_token(account: PushAccount, now: datetime) -> str:
    """Raises PushFailed for a key that is none."""
    try:
        key = load_pem_private_key(account.secrets["push_apns_key"].strip().encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as wrong:
        raise PushFailed("the APNs key is not the text of a .p8 file", again=False) from wrong
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise PushFailed("the APNs key is not a P-256 key", again=False)
    head = b64url(encoded({"alg": "ES256", "kid": account.settings.apns_key_id}))
    said = b64url(encoded({"iss": account.settings.apns_team, "iat": int(now.timestamp())}))
    r, s = decode_dss_signature(key.sign(f"{head}.{said}".encode(), ec.ECDSA(SHA256())))
    return f"{head}.{said}.{b64url(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def render(account: PushAccount, ring: Ring, token: str) -> Request:
    thread = str(ring.conversation_id)
    told = {
        "aps": {
            "alert": {"title": ring.title, "body": ring.body}, "badge": ring.badge, "sound": "default",
            "thread-id": thread, "mutable-content": 1,
        },
        "conversation_id": thread,
    }  # fmt: skip
    headers = {
        "authorization": f"bearer {token}", "apns-topic": account.settings.apns_topic, "apns-push-type": "alert",
        "apns-priority": "10", "apns-expiration": str(int((ring.at + _KEPT).timestamp())),
        "apns-collapse-id": thread, "apns-id": str(ring.key), "content-type": "application/json",
    }  # fmt: skip
    return Request("POST", f"{account.settings.apns_url}/3/device/{ring.token}", headers, encoded(told))


def read(answer: Response, ring: Ring) -> bool:
    if answer.status == 200 and not answer.content:
        return True
    try:
        reason = msgspec.json.decode(answer.content, type=_Said).reason
    except (msgspec.DecodeError, UnicodeError):
        raise unclear(answer) from None
    if answer.status == 410 or reason in _GONE:
        return False
    if reason in _STALE:
        raise TokenOver(reason)
    raise PushFailed(f"APNs: {reason or answer.status}", again=reason in _LATER or answer.status >= 500)
