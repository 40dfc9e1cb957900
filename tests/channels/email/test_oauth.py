"""Access tokens: got, kept while they live, renewed in time; and who has to act when the provider says no."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.standins.tokenserver import CLIENT, REFRESH, SECRET, TokenServer, token_server
from yizhan.channels.email import (
    Auth,
    Grant,
    MailSecret,
    MailServerError,
    MailSettings,
    OAuth,
    ask_token,
    authorise_url,
    google_oauth,
    microsoft_oauth,
    redeem,
)
from yizhan.channels.email.transport import ErrorClass
from yizhan.channels.email.transport.connect import Xoauth2, xoauth2_base64
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.errors import Invalid
from yizhan.foundation.http import Guard, Http


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    client = Http(Guard(["127.0.0.1"]))
    yield client
    await client.close()


class Source:
    """A mailbox that asks for a token each time; who keeps them while they live is another's matter."""

    def __init__(self, http: Http, clock: FakeClock, settings: MailSettings, saved: MailSecret) -> None:
        self._http, self._clock, self._settings, self._saved = http, clock, settings, saved

    async def secret(self) -> MailSecret:
        async def keep(refresh: str) -> None:
            self._saved = msgspec.structs.replace(self._saved, refresh_token=refresh)

        granted = await ask_token(self._http, self._settings, self._saved, keep, self._clock.now())
        assert granted.expires_in == 3600
        return MailSecret(token=granted.token)


def tokens(
    http: Http, clock: FakeClock, server: TokenServer, grant: Grant = Grant.REFRESH, secret: MailSecret | None = None
) -> Source:
    oauth = OAuth(token_url=server.url, client_id=CLIENT, scope="mail", grant=grant)
    settings = MailSettings(address="support@shop.test", auth=Auth.XOAUTH2, oauth=oauth)
    return Source(http, clock, settings, secret or MailSecret(client_secret=SECRET, refresh_token=REFRESH))


def test_the_string_a_server_is_given() -> None:
    vector = {
        "user": "someuser@example.com",
        "access_token": "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg",
        "expected": "dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhkSFJoZG1s"
        "emRHRXVZMjl0Q2cBAQ==",
    }
    assert xoauth2_base64(vector["user"], vector["access_token"]) == vector["expected"]
    exchange = Xoauth2("u", "t")
    assert exchange(b"") == b"user=u\x01auth=Bearer t\x01\x01"
    assert exchange(b'{"status":"401"}') == b""
    assert exchange.challenge == '{"status":"401"}'


async def test_a_token_is_asked_for_as_the_provider_wants(http: Http, clock: FakeClock) -> None:
    with token_server() as server:
        source = tokens(http, clock, server)
        assert (await source.secret()).token == "access-1"
        assert server.asked == [{
            "client_id": CLIENT, "client_secret": SECRET, "grant_type": "refresh_token", "refresh_token": REFRESH,
            "scope": "mail",
        }]  # fmt: skip


async def test_a_refresh_token_that_changes_is_kept(http: Http, clock: FakeClock) -> None:
    with token_server() as server:
        server.rotates = True
        source = tokens(http, clock, server)
        for _ in range(3):
            await source.secret()
        assert len({form["refresh_token"] for form in server.asked}) == 3


async def test_the_application_itself_and_a_service_account(http: Http, clock: FakeClock) -> None:
    with token_server() as server:
        application = tokens(http, clock, server, Grant.CLIENT, MailSecret(client_secret=SECRET))
        assert (await application.secret()).token == "access-1"
        assert "refresh_token" not in server.asked[0]
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        server.service_key = key.public_key()
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
        account = tokens(http, clock, server, Grant.SERVICE_ACCOUNT, MailSecret(service_key=pem))
        assert (await account.secret()).token == "access-2"
        broken = tokens(http, clock, server, Grant.SERVICE_ACCOUNT, MailSecret(service_key="no key"))
        with pytest.raises(MailServerError, match="key"):
            await broken.secret()


@pytest.mark.parametrize(
    ("status", "error", "expected"),
    [
        (400, "invalid_grant", ErrorClass.AUTH),
        (401, "invalid_client", ErrorClass.AUTH),
        (400, "temporarily_unavailable", ErrorClass.TRANSIENT),
        (429, "slow_down", ErrorClass.TRANSIENT),
        (503, "", ErrorClass.TRANSIENT),
    ],
)
async def test_what_a_refusal_means(
    http: Http, clock: FakeClock, status: int, error: str, expected: ErrorClass
) -> None:
    with token_server() as server:
        server.next = [(status, error)]
        source = tokens(http, clock, server)
        with pytest.raises(MailServerError) as refusal:
            await source.secret()
        assert refusal.value.error_class is expected
        assert "client-secret" not in refusal.value.message
        assert (await source.secret()).token == "access-2"


async def test_nobody_there_and_nobody_authorised(http: Http, clock: FakeClock) -> None:
    with token_server() as server:
        nobody = tokens(http, clock, server, secret=MailSecret(client_secret=SECRET))
    with pytest.raises(MailServerError) as refusal:
        await nobody.secret()
    assert refusal.value.error_class is ErrorClass.AUTH
    with pytest.raises(MailServerError) as away:
        await tokens(http, clock, server).secret()
    assert away.value.error_class is ErrorClass.TRANSIENT


async def test_a_person_grants_access(http: Http) -> None:
    with token_server() as server:
        page = "https://login.test/authorize"
        oauth = OAuth(token_url=server.url, authorize_url=page, client_id=CLIENT, scope="offline_access a")
        url = authorise_url(oauth, redirect="https://desk.test/back", state="s", verifier="v" * 50, login="me@b.test")
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert (asked["response_type"], asked["scope"]) == ("code", "offline_access a")
        assert asked["login_hint"] == "me@b.test"
        server.codes["code-1"] = asked["code_challenge"]
        secret = MailSecret(client_secret=SECRET)
        granted = await redeem(http, oauth, secret, code="code-1", redirect=asked["redirect_uri"], verifier="v" * 50)
        assert granted.refresh_token == REFRESH
        with pytest.raises(MailServerError):
            await redeem(http, oauth, secret, code="code-1", redirect=asked["redirect_uri"], verifier="v" * 50)
    with pytest.raises(Invalid):
        authorise_url(google_oauth("c", service_account=True), redirect="r", state="s", verifier="v", login="l")


def test_known_providers() -> None:
    delegated = microsoft_oauth("c", tenant="t")
    assert delegated.token_url == "https://login.microsoftonline.com/t/oauth2/v2.0/token"
    assert "https://outlook.office.com/IMAP.AccessAsUser.All" in delegated.scope.split()
    assert microsoft_oauth("c", app_only=True).scope == "https://outlook.office365.com/.default"
    assert "partner.microsoftonline.cn" in microsoft_oauth("c", china=True).token_url
    assert google_oauth("c").scope == "https://mail.google.com/"


@pytest.mark.parametrize("url", ["http://evil.test/token", "ftp://x", "http://127.0.0.1.evil.test/", "token"])
def test_secrets_travel_only_under_tls(url: str) -> None:
    written = json.dumps({"address": "a@b.test", "oauth": {"token_url": url, "client_id": "c"}})
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(written, type=MailSettings)


def test_a_secret_is_never_printed(tmp_path: Path) -> None:
    assert "hush" not in repr(MailSecret(refresh_token="hush", client_secret="hush"))
