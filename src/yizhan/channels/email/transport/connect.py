"""How both directions reach their server: TLS and the XOAUTH2 string."""

import base64
import ssl

from yizhan.channels.email.settings import Server

CONNECT_SECONDS = 20.0
IDLE_READ_SECONDS = 120.0


def tls_context(server: Server) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not server.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def xoauth2(user: str, token: str) -> bytes:
    """The SASL initial response, not yet base64."""
    if "\x01" in user or "\x01" in token:
        raise ValueError("control character in credentials")
    return f"user={user}\x01auth=Bearer {token}\x01\x01".encode()


class Xoauth2:
    """The client's side of the exchange: the token, then an empty line to the challenge that tells why not."""

    def __init__(self, user: str, token: str) -> None:
        self._first: bytes | None = xoauth2(user, token)
        self.challenge = ""

    def __call__(self, challenge: bytes) -> bytes:
        if self._first is None:
            self.challenge = challenge.decode("utf-8", "replace")[:300]
            return b""
        first, self._first = self._first, None
        return first


def xoauth2_base64(user: str, token: str) -> str:
    return base64.b64encode(xoauth2(user, token)).decode()
