"""Mails of a customer who has a domain, signed as his server would."""

from __future__ import annotations

import base64

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
_PEM = _KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
)
_PUBLIC = _KEY.public_key().public_bytes(
    serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
)
_EDWARDS = ed25519.Ed25519PrivateKey.generate()

RSA_RECORD = "v=DKIM1; k=rsa; p=" + base64.b64encode(_PUBLIC).decode()
EDWARDS_RECORD = "v=DKIM1; k=ed25519; p=" + base64.b64encode(_EDWARDS.public_key().public_bytes_raw()).decode()

PLAIN = (
    b"From: Wang <wang@customer.test>\r\nTo: support@shop.test\r\nSubject: leak\r\n"
    b"Message-ID: <1@customer.test>\r\nDate: Mon, 02 Mar 2026 09:30:00 +0800\r\n\r\nIt leaks.\r\n"
)

RESULTS = (
    b"Authentication-Results: lists.test; dkim=pass header.d=customer.test;\r\n"
    b" dmarc=pass header.from=customer.test\r\n"
)

ZONE = {
    "TXT s1._domainkey.customer.test": [RSA_RECORD],
    "TXT _dmarc.customer.test": ["v=DMARC1; p=reject"],
}
"""What the customer's domain publishes."""


def signed(
    raw: bytes = PLAIN, domain: str = "customer.test", *, selector: str = "s1", edwards: bool = False,
    covering: tuple[bytes, ...] = (b"from", b"to", b"subject", b"date", b"message-id"), cut: bool = False,
) -> bytes:  # fmt: skip
    key = base64.b64encode(_EDWARDS.private_bytes_raw()) if edwards else _PEM
    algorithm = b"ed25519-sha256" if edwards else b"rsa-sha256"
    raw = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    header = dkim.sign(
        raw, selector.encode(), domain.encode(), key, canonicalize=(b"relaxed", b"relaxed"), include_headers=covering,
        signature_algorithm=algorithm, length=cut,
    )  # fmt: skip
    return bytes(header) + raw


def sealed(raw: bytes, domain: str, server: str) -> bytes:
    """As a forwarder passes it on: what `server` found stands in its seal."""
    lines = dkim.arc_sign(raw, b"seal", domain.encode(), _PEM, server.encode())
    return b"".join(lines) + raw
