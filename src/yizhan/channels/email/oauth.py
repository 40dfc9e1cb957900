"""OAuth 2: access tokens for a mailbox, got from its provider. `foundation.tokens` keeps them while they live.

Three ways to one: a refresh token a person left behind (Microsoft 365 delegated, Gmail), the application's own secret
(Microsoft 365 app-only), or a service account that speaks for a mailbox (Google Workspace).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

import msgspec

from yizhan.channels.email.settings import Grant, MailSecret, MailSettings, OAuth
from yizhan.channels.email.transport.failures import ErrorClass, MailServerError
from yizhan.foundation.errors import DomainError, Invalid
from yizhan.foundation.http import Http, HttpFailed
from yizhan.foundation.tokens import Granted

_ASSERTION = timedelta(minutes=30)
_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_PASSING = ("temporarily_unavailable", "server_error", "slow_down")

Keep = Callable[[str], Awaitable[None]]
"""Keeps a refresh token that took the place of another: some providers give a new one each time."""


class TokenAnswer(msgspec.Struct, frozen=True):
    access_token: str
    expires_in: float = 3600
    refresh_token: str = ""


class _Refused(msgspec.Struct, frozen=True):
    error: str = ""
    error_description: str = ""


async def ask_token(
    http: Http, settings: MailSettings, secret: MailSecret, keep: Keep, now: datetime
) -> Granted:  # fmt: skip
    """Raises MailServerError: AUTH when a person has to authorise again, TRANSIENT when waiting helps."""
    if settings.oauth is None:
        raise Invalid("XOAUTH2 without a token server", "oauth")
    said = await request_token(http, settings.oauth, _form(settings.oauth, secret, settings.login, now))
    if said.refresh_token and said.refresh_token != secret.refresh_token:
        await keep(said.refresh_token)
    return Granted(said.access_token, said.expires_in)


def token_later(words: str) -> MailServerError:
    """There is none just now; waiting helps."""
    return MailServerError(ErrorClass.TRANSIENT, f"token server: {words}")


def _form(oauth: OAuth, secret: MailSecret, login: str, now: datetime) -> dict[str, str]:
    if oauth.grant is Grant.SERVICE_ACCOUNT:
        return {"grant_type": _JWT_BEARER, "assertion": _assertion(oauth, secret.service_key, login, now)}
    form = {"client_id": oauth.client_id, "grant_type": oauth.grant.value, "scope": oauth.scope}
    if secret.client_secret:
        form["client_secret"] = secret.client_secret
    if oauth.grant is Grant.REFRESH:
        if not secret.refresh_token:
            raise MailServerError(ErrorClass.AUTH, "nobody has authorised this mailbox yet")
        form["refresh_token"] = secret.refresh_token
    return form


def _assertion(oauth: OAuth, key: str, login: str, now: datetime) -> str:
    """RFC 7523: the service account says for whom it speaks."""
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    at = int(now.timestamp())
    claims = {
        "iss": oauth.client_id, "sub": login, "scope": oauth.scope, "aud": oauth.token_url, "iat": at,
        "exp": at + int(_ASSERTION.total_seconds()),
    }  # fmt: skip
    try:
        private = serialization.load_pem_private_key(key.encode(), None)
    except ValueError as wrong:
        raise MailServerError(ErrorClass.AUTH, "the service account's key cannot be read") from wrong
    if not isinstance(private, rsa.RSAPrivateKey):
        raise MailServerError(ErrorClass.AUTH, "the service account's key is no RSA key")
    head = _base64url(msgspec.json.encode({"alg": "RS256", "typ": "JWT"}))
    signed = f"{head}.{_base64url(msgspec.json.encode(claims))}"
    return f"{signed}.{_base64url(private.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


async def request_token(http: Http, oauth: OAuth, form: Mapping[str, str]) -> TokenAnswer:
    headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
    try:
        answer = await http.request("POST", oauth.token_url, headers=headers, content=urlencode(form).encode())
        if answer.ok:
            return answer.json(TokenAnswer)
        said = answer.json(_Refused)
    except HttpFailed as failure:
        raise MailServerError(ErrorClass.TRANSIENT, f"token server: {failure.message}") from failure
    except DomainError as failure:  # the guard's refusal: an address of this house that nobody allowed
        raise MailServerError(ErrorClass.PERMISSION, f"token server: {failure.message}") from failure
    words = f"{said.error}: {said.error_description}"[:400]
    passing = answer.status >= 500 or answer.status == 429 or said.error in _PASSING
    raise MailServerError(ErrorClass.TRANSIENT if passing else ErrorClass.AUTH, words)


def authorise_url(oauth: OAuth, *, redirect: str, state: str, verifier: str, login: str) -> str:
    """Where a person grants access; the answer comes to `redirect` with `state` (RFC 6749 4.1, RFC 7636)."""
    if not oauth.authorize_url or oauth.grant is not Grant.REFRESH:
        raise Invalid("nobody has to authorise this mailbox", "oauth.authorize_url")
    challenge = _base64url(hashlib.sha256(verifier.encode()).digest())
    asked = {
        "client_id": oauth.client_id, "response_type": "code", "redirect_uri": redirect, "scope": oauth.scope,
        "state": state, "code_challenge": challenge, "code_challenge_method": "S256", "login_hint": login,
        # Google gives a refresh token only when asked so, and only with the question shown again.
        "access_type": "offline", "prompt": "consent",
    }  # fmt: skip
    return f"{oauth.authorize_url}{'&' if '?' in oauth.authorize_url else '?'}{urlencode(asked)}"


async def redeem(
    http: Http, oauth: OAuth, secret: MailSecret, *, code: str, redirect: str, verifier: str
) -> TokenAnswer:
    """The tokens for the code that came back."""
    form = {
        "client_id": oauth.client_id, "grant_type": "authorization_code", "code": code, "redirect_uri": redirect,
        "code_verifier": verifier,
    }  # fmt: skip
    if secret.client_secret:
        form["client_secret"] = secret.client_secret
    granted = await request_token(http, oauth, form)
    if not granted.refresh_token:
        raise MailServerError(ErrorClass.AUTH, "the provider gave no refresh token: ask for offline access")
    return granted


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
