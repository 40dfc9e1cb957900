"""POP3: no folders and no push, so the whole list of UIDLs is compared on each pass."""

import asyncio
import poplib

from yizhan.channels.email.settings import Auth, MailSecret, MailSettings, Security
from yizhan.channels.email.transport.connect import CONNECT_SECONDS, tls_context, xoauth2_base64
from yizhan.channels.email.transport.failures import ErrorClass, MailServerError, classify_failure
from yizhan.channels.email.transport.fetched import Cursor, Fetched, Mailbox

# poplib breaks off at lines over 2048 bytes, which HTML mails have; the size of a whole mail is checked before.
poplib._MAXLINE = 1024 * 1024  # type: ignore[attr-defined]  # no option says it

_HEAD_LINES = 4_000
_SAVE_EVERY = 50


async def receive_pop(settings: MailSettings, secret: MailSecret, mailbox: Mailbox) -> int:
    """One pass. A mail is deleted from the server only after its commit, and only if the settings ask for it."""
    session = PopSession(settings, secret)
    cursor = await mailbox.load_cursor() or Cursor()
    taken = 0
    try:
        present = await asyncio.to_thread(session.open)
        seen = set(cursor.uidls) & set(present.values())
        for number, uidl in present.items():
            if uidl not in seen:
                await mailbox.take(await asyncio.to_thread(session.fetch, number, uidl))
                taken += 1
                seen.add(uidl)
                if settings.delete_fetched:
                    await asyncio.to_thread(session.delete, number)
                if taken % _SAVE_EVERY == 0:
                    await mailbox.save_cursor(Cursor(uidls=tuple(sorted(seen))))
        if taken or len(seen) != len(cursor.uidls):
            await mailbox.save_cursor(Cursor(uidls=tuple(sorted(seen))))
    finally:
        await asyncio.to_thread(session.close)
    return taken


class PopSession:
    """Blocking; all failures are `MailServerError`."""

    def __init__(self, settings: MailSettings, secret: MailSecret) -> None:
        self._settings = settings
        self._secret = secret
        self._client: poplib.POP3 | None = None
        self._sizes: dict[int, int] = {}

    def open(self) -> dict[int, str]:
        """Message number to UIDL, oldest first."""
        try:
            self._client = self._connect()
            self._login(self._client)
            self._sizes = {int(line.split()[0]): int(line.split()[1]) for line in self._client.list()[1]}
            pairs = [line.decode("utf-8", "replace").split(" ", 1) for line in self._client.uidl()[1]]
        except (OSError, EOFError, poplib.error_proto, ValueError, IndexError) as failure:
            raise _translated(failure) from failure
        return {int(number): uidl.strip() for number, uidl in pairs}

    def _connect(self) -> poplib.POP3:
        server = self._settings.incoming
        if server is None:
            raise MailServerError(ErrorClass.BAD_REQUEST, "no incoming server is set")
        if server.security is Security.TLS:
            return poplib.POP3_SSL(server.host, server.port, timeout=CONNECT_SECONDS, context=tls_context(server))
        client = poplib.POP3(server.host, server.port, timeout=CONNECT_SECONDS)
        if server.security is Security.STARTTLS:
            client.stls(tls_context(server))
        return client

    def _login(self, client: poplib.POP3) -> None:
        try:
            if self._settings.auth is Auth.XOAUTH2:
                _xoauth2(client, self._settings.login, self._secret.token)
            else:
                client.user(self._settings.login)
                client.pass_(self._secret.password)
        except poplib.error_proto as failure:
            raise MailServerError(ErrorClass.AUTH, str(failure)[:500]) from failure

    def fetch(self, number: int, uidl: str) -> Fetched:
        size = self._sizes.get(number, 0)
        oversized = size > self._settings.max_bytes
        try:
            client = self._opened
            lines = client.top(number, _HEAD_LINES)[1] if oversized else client.retr(number)[1]
        except (OSError, EOFError, poplib.error_proto) as failure:
            raise _translated(failure) from failure
        return Fetched(b"\r\n".join(lines) + b"\r\n", uidl, None, size, truncated=oversized)

    def delete(self, number: int) -> None:
        try:
            self._opened.dele(number)
        except (OSError, EOFError, poplib.error_proto) as failure:
            raise _translated(failure) from failure

    @property
    def _opened(self) -> poplib.POP3:
        if self._client is None:
            raise MailServerError(ErrorClass.TRANSIENT, "not connected")
        return self._client

    def close(self) -> None:
        """QUIT carries out the deletions."""
        client, self._client = self._client, None
        if client is None:
            return
        try:
            client.quit()
        except (OSError, EOFError, poplib.error_proto):
            client.close()


def _xoauth2(client: poplib.POP3, user: str, token: str) -> None:
    """In two steps: a token is longer than a command may be. A refusal comes as a challenge first."""
    ask = client._shortcmd  # type: ignore[attr-defined]  # poplib knows no SASL
    ask("AUTH XOAUTH2")
    said = ask(xoauth2_base64(user, token))
    if not said.startswith(b"+OK"):
        ask("")
        raise poplib.error_proto(said)


def _translated(failure: Exception) -> MailServerError:
    return MailServerError(classify_failure(failure), str(failure)[:500] or type(failure).__name__)
