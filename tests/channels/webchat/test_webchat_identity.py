"""Proof of who a visitor is: the published vectors, and everything that only looks like a proof."""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from yizhan.channels.webchat import (
    Claims,
    IdentityMode,
    IdentityRefused,
    WebchatSecret,
    proved,
    verify_hash,
    verify_jwt,
)

VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text("utf-8"))
NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
SECRET = "a-secret-of-the-site-of-32-bytes!"
SECRETS = WebchatSecret(identity_secret=SECRET)


def b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def unsigned(algorithm: str = "HS256", **claims: Any) -> str:
    at = int(NOW.timestamp())
    payload = {"user_id": "user-10086", "iat": at, "exp": at + 300} | claims
    head = b64(json.dumps({"alg": algorithm, "typ": "JWT"}).encode())
    return f"{head}.{b64(json.dumps({key: value for key, value in payload.items() if value is not None}).encode())}"


def token(secret: str = SECRET, algorithm: str = "HS256", **claims: Any) -> str:
    content = unsigned(algorithm, **claims)
    return f"{content}.{b64(hmac.digest(secret.encode(), content.encode(), sha256))}"


def refusal(jwt: str, secrets: WebchatSecret = SECRETS, now: datetime = NOW) -> str:
    with pytest.raises(IdentityRefused) as refused:
        verify_jwt(jwt, secrets, "shop", now)
    return refused.value.message


def test_the_hash_vector() -> None:
    vector = VECTORS["widget_identity_hmac"]
    assert verify_hash(vector["identifier"], vector["expected_identifier_hash"], [vector["secret"]])


def test_the_jwt_vector() -> None:
    vector = VECTORS["widget_identity_jwt_hs256"]
    issued = datetime.fromtimestamp(vector["claims"]["iat"], UTC)
    claims = verify_jwt(vector["expected_jwt"], WebchatSecret(identity_secret=vector["secret"]), "shop", issued)
    assert claims == Claims("user-10086", "a@example.com")


@pytest.mark.parametrize("given", ["", "00", "é", "8e89c77330ed27f346a01fa4029cbddc201342f85c3eb67613b2ed3a76de01e9"])
def test_another_hash_is_none(given: str) -> None:
    assert not verify_hash("user-10086", given, ["widget_identity_secret"])


def test_without_a_secret_or_an_id_nothing_is_proved() -> None:
    empty = hmac.digest(b"", b"user", sha256).hex()
    assert not verify_hash("user", empty, WebchatSecret().shared)
    assert not verify_hash("", hmac.digest(b"s", b"", sha256).hex(), ["s"])
    assert "signature" in refusal(token(secret=""), WebchatSecret())


def test_while_a_secret_is_changed_both_are_good() -> None:
    both = WebchatSecret(identity_secret="old", identity_secret_next="new")
    for secret in ("old", "new"):
        assert verify_jwt(token(secret), both, "shop", NOW).user_id == "user-10086"
    assert "signature" in refusal(token("older"), both)


@pytest.mark.parametrize(
    ("jwt", "why"),
    [
        (unsigned("none") + ".", "algorithm"),
        (token(algorithm="none"), "algorithm"),
        (token(algorithm="HS512"), "algorithm"),
        (token(algorithm="hs256"), "algorithm"),
        (token(algorithm="ES256"), "signature"),
        (token("wrong"), "signature"),
        (token() + "A", "base64|signature"),
        ("a.b", "not a signed JWT"),
        ("." * 2, "token says"),
        ("x" * 9000, "not a signed JWT"),
        (token(exp=int(NOW.timestamp()) - 61), "over"),
        (token(exp=int(NOW.timestamp()) + 3700), "longer than an hour"),
        (token(iat=int(NOW.timestamp()) + 90), "future"),
        (token(nbf=int(NOW.timestamp()) + 90), "future"),
        (token(exp=None), "token says"),
        (token(user_id=None), "token says"),
        (token(user_id=""), "user_id"),
        (token(aud="another-shop"), "another inbox"),
        (token(aud=["a", "b"]), "another inbox"),
    ],
)
def test_what_only_looks_like_a_proof(jwt: str, why: str) -> None:
    message = refusal(jwt)
    assert any(part in message for part in why.split("|")), message


def test_clocks_may_differ_by_a_minute_and_the_audience_may_be_one_of_many() -> None:
    late = token(exp=int(NOW.timestamp()) - 59, aud=["shop", "other"])
    assert verify_jwt(late, SECRETS, "shop", NOW).user_id == "user-10086"


def test_a_number_is_an_id_too() -> None:
    assert verify_jwt(token(user_id=10086), SECRETS, "shop", NOW).user_id == "10086"


def test_es256_with_the_site_s_public_key() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    content = unsigned("ES256")
    r, s = decode_dss_signature(key.sign(content.encode(), ec.ECDSA(SHA256())))
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    secrets = WebchatSecret(identity_key=public.decode())
    assert verify_jwt(f"{content}.{b64(signature)}", secrets, "shop", NOW).user_id == "user-10086"
    assert "signature" in refusal(f"{content}.{b64(signature[::-1])}", secrets)
    # The classic confusion: the public key used as an HMAC secret.
    assert "signature" in refusal(token(public.decode()), secrets)
    assert "signature" in refusal(f"{content}.{b64(signature)}", WebchatSecret(identity_key="not a key"))


def test_proof_is_for_the_id_it_names_and_of_the_kind_the_inbox_takes() -> None:
    good = hmac.digest(SECRET.encode(), b"user-10086", sha256).hex()
    hash_mode = IdentityMode.HASH

    def ask(mode: IdentityMode = hash_mode, **proof: str) -> Claims | None:
        return proved(mode, SECRETS, "shop", NOW, id="user-10086", **proof)

    assert ask(hash=good) == ask(jwt=token()) == Claims("user-10086")
    assert ask() is None
    for mode, proof in [
        (hash_mode, {"hash": "0" * 64}),
        (IdentityMode.JWT, {"hash": good}),
        (hash_mode, {"jwt": token(user_id="somebody-else")}),
    ]:
        with pytest.raises(IdentityRefused):
            ask(mode, **proof)


def test_a_stolen_token_ends_within_the_hour() -> None:
    longest = token(exp=int((NOW + timedelta(minutes=60)).timestamp()))
    assert verify_jwt(longest, SECRETS, "shop", NOW).user_id
    assert "over" in refusal(longest, now=NOW + timedelta(minutes=62))
