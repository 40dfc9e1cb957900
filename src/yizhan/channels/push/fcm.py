"""Firebase Cloud Messaging, HTTP v1: OAuth 2 by an RS256 assertion of a service account.
firebase.google.com/docs/reference/fcm/rest/v1/projects.messages/send"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from yizhan.channels.push.model import Ask, Request, TokenOver, b64url, call, encoded, unclear
from yizhan.desk.channels import Granted
from yizhan.desk.push import PushAccount, PushFailed, Ring
from yizhan.foundation.http import Http, Response

NAME = "push.fcm"
_SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_GONE = frozenset({"UNREGISTERED", "SENDER_ID_MISMATCH"})
_LATER = frozenset({"QUOTA_EXCEEDED", "UNAVAILABLE", "INTERNAL", "RESOURCE_EXHAUSTED"})
_BAD_ACCOUNT = "the FCM service account is not the JSON file of a Google service account"


class Account(msgspec.Struct, frozen=True):
    """The JSON file that Google gives."""

    project_id: str
    client_email: str
    private_key: str
    token_uri: str = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address


class _Token(msgspec.Struct):
    access_token: str
    expires_in: int = 3600


class _Detail(msgspec.Struct, rename={"error_code": "errorCode"}):
    error_code: str = ""


class _Error(msgspec.Struct):
    status: str = ""
    message: str = ""
    details: list[_Detail] = []


class _Said(msgspec.Struct):
    name: str = ""
    error: _Error = msgspec.field(default_factory=_Error)


def account_of(account: PushAccount) -> Account:
    try:
        return msgspec.json.decode(account.secrets["push_fcm_account"].encode(), type=Account)
    except (msgspec.DecodeError, UnicodeError):
        raise PushFailed(_BAD_ACCOUNT, again=False) from None


def assertion(account: Account, now: datetime) -> str:
    try:
        key = load_pem_private_key(account.private_key.encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as wrong:
        raise PushFailed(_BAD_ACCOUNT, again=False) from wrong
    if not isinstance(key, rsa.RSAPrivateKey):
        raise PushFailed(_BAD_ACCOUNT, again=False)
    at = int(now.timestamp())
    head = b64url(encoded({"alg": "RS256", "typ": "JWT"}))
    said = b64url(encoded({
        "iss": account.client_email, "scope": _SCOPE, "aud": account.token_uri, "iat": at, "exp": at + 3600,
    }))  # fmt: skip
    return f"{head}.{said}.{b64url(key.sign(f'{head}.{said}'.encode(), padding.PKCS1v15(), SHA256()))}"


def entry(http: Http, account: PushAccount, now: datetime) -> Ask | None:
    async def ask() -> Granted:
        google = account_of(account)
        body = urlencode({"grant_type": _GRANT, "assertion": assertion(google, now)}).encode()
        headers = {"content-type": "application/x-www-form-urlencoded"}
        answer = await call(http, Request("POST", google.token_uri, headers, body))
        try:
            said = msgspec.json.decode(answer.content, type=_Token)
        except (msgspec.DecodeError, UnicodeError):
            raise unclear(answer) from None
        return Granted(said.access_token, said.expires_in)

    return ask


def render(account: PushAccount, ring: Ring, token: str) -> Request:
    thread = str(ring.conversation_id)
    message = {
        "token": ring.token,
        "notification": {"title": ring.title, "body": ring.body},
        "data": {"conversation_id": thread, "unread": str(ring.badge)},
        "android": {
            "priority": "high", "collapse_key": thread, "ttl": "3600s",
            "notification": {"tag": thread, "notification_count": ring.badge},
        },
    }  # fmt: skip
    url = f"{account.settings.fcm_url}/v1/projects/{account_of(account).project_id}/messages:send"
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    return Request("POST", url, headers, encoded({"message": message}))


def read(answer: Response, ring: Ring) -> bool:
    try:
        said = msgspec.json.decode(answer.content, type=_Said)
    except (msgspec.DecodeError, UnicodeError):
        raise unclear(answer) from None
    if answer.ok and said.name:
        return True
    error = said.error
    codes = {error.status, *(each.error_code for each in error.details)}
    if codes & _GONE:
        return False
    if answer.status == 401:
        raise TokenOver(error.message)
    raise PushFailed(f"FCM: {error.message or error.status}", again=bool(codes & _LATER) or answer.status >= 500)
