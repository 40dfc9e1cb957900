"""An SMTP server that answers as it is told: 250 unless the next answer of a command says otherwise."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

HANG = "hang"  # never answers
DROP = "drop"  # closes the connection instead of answering


class Faults:
    """`next["DATA"]` and `next["RCPT"]` are answered in turn. `contents` is every mail whose content came whole."""

    def __init__(self) -> None:
        self.port = 0
        self.next: dict[str, list[str]] = defaultdict(list)
        self.contents: list[bytes] = []
        self.envelopes: list[Envelope] = []
        self.received = asyncio.Event()

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(one, policy=policy.default) for one in self.contents]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._answer("RCPT")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        self.contents.append(content)
        self.envelopes.append(envelope)
        self.received.set()
        answer = self._answer("DATA")
        if answer == HANG:
            await asyncio.Event().wait()
        if answer == DROP:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return answer

    def authenticate(self) -> AuthResult:
        answer = self._answer("AUTH")
        if answer.startswith("250"):
            return AuthResult(success=True)
        return AuthResult(success=False, handled=False, message=answer)

    def _answer(self, command: str) -> str:
        return self.next[command].pop(0) if self.next[command] else "250 OK"


@asynccontextmanager
async def smtp_with_faults() -> AsyncIterator[Faults]:
    faults = Faults()

    def session() -> SMTP:
        return SMTP(
            faults, hostname="smtp.test", auth_require_tls=False, loop=asyncio.get_running_loop(),
            authenticator=lambda *_: faults.authenticate(),
        )  # fmt: skip

    listener = await asyncio.get_running_loop().create_server(session, "127.0.0.1", 0)
    faults.port = listener.sockets[0].getsockname()[1]
    try:
        yield faults
    finally:
        listener.close()
