"""DKIM signatures on what we send, for inboxes whose relay does not sign: RSA 2048 for everybody, Ed25519 beside it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import msgspec

from yizhan.channels.email.settings import Dkim, MailSecret, MailSettings

if TYPE_CHECKING:
    from yizhan.channels.email.proving import Dns

_BITS = 2048
_BOTH = (b"relaxed", b"relaxed")
# From twice: nobody can put a second author on top.
_COVERED = tuple(
    "from from to cc subject date message-id in-reply-to references reply-to mime-version content-type "  # noqa: SIM905
    "content-transfer-encoding auto-submitted list-unsubscribe list-unsubscribe-post".split()
)


class DnsRecord(msgspec.Struct, frozen=True):
    """What the administrator publishes in the zone of the domain."""

    name: str
    type: str
    value: str


def new_keys() -> dict[str, str]:
    """Secrets of an inbox, by their names in MailSecret."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

    pem = rsa.generate_private_key(public_exponent=65537, key_size=_BITS).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    edwards = ed25519.Ed25519PrivateKey.generate().private_bytes_raw()
    return {"dkim_rsa": pem.decode(), "dkim_ed25519": base64.b64encode(edwards).decode()}


def records(settings: MailSettings, secret: MailSecret) -> tuple[DnsRecord, ...]:
    """The public halves, the RSA key first; empty where there are no keys."""
    if settings.dkim is None or not secret.dkim_rsa:
        return ()
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ed25519

    private = serialization.load_pem_private_key(secret.dkim_rsa.encode(), None)
    der = private.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    edwards = ed25519.Ed25519PrivateKey.from_private_bytes(base64.b64decode(secret.dkim_ed25519))
    public = {"rsa": der, "ed25519": edwards.public_key().public_bytes_raw()}
    return tuple(
        DnsRecord(
            f"{selector}._domainkey.{settings.domain}", "TXT",
            f"v=DKIM1; k={kind}; p={base64.b64encode(public[kind]).decode()}",
        )
        for kind, selector in _selectors(settings.dkim).items()
    )  # fmt: skip


def _selectors(dkim: Dkim) -> dict[str, str]:
    return {"rsa": dkim.selector, "ed25519": f"{dkim.selector}-ed"}


async def published(dns: Dns, record: DnsRecord) -> bool:
    """Whether the world sees it. Raises DnsTrouble."""
    wanted = _squeezed(record.value)
    return any(_squeezed(row) == wanted for row in await dns.look_up(record.name, "TXT"))


def _squeezed(text: str) -> str:
    return "".join(text.split()).rstrip(";")


def sign(content: bytes, settings: MailSettings, secret: MailSecret) -> bytes:
    """The mail with its signatures on top; as it was where the inbox does not sign. Takes tens of milliseconds."""
    if settings.dkim is None or not settings.dkim.enabled or not secret.dkim_rsa:
        return content
    import dkim

    present = {line.partition(b":")[0].lower().decode() for line in content.partition(b"\r\n\r\n")[0].split(b"\r\n")}
    covered = [name.encode() for name in _COVERED if name in present]
    keys = {"rsa": secret.dkim_rsa.encode(), "ed25519": secret.dkim_ed25519.encode()}
    signatures = [
        dkim.sign(
            content, selector.encode(), settings.domain.encode("idna"), keys[kind], canonicalize=_BOTH,
            include_headers=covered, signature_algorithm=f"{kind}-sha256".encode(),
        )
        for kind, selector in _selectors(settings.dkim).items()
    ]  # fmt: skip
    return b"".join([*signatures, content])
