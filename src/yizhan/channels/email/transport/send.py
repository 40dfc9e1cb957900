"""SMTP submission. The one thing it must get right: after the content went out, silence is not failure."""

import re
from datetime import timedelta
from enum import StrEnum

import aiosmtplib
import msgspec
from aiosmtplib import SMTP, SMTPAuthenticationError, SMTPException, SMTPResponseException

from yizhan.channels.email.rendering import RenderedMail
from yizhan.channels.email.settings import Auth, MailSecret, MailSettings, Security
from yizhan.channels.email.transport.connect import CONNECT_SECONDS, tls_context
from yizhan.channels.email.transport.failures import ErrorClass, classify_failure, classify_smtp, enhanced_code

_REPLY_SECONDS = 60.0
_DATA_SECONDS = 600.0  # RFC 5321 4.5.3.2.6: the server may scan before it answers
_DOT = re.compile(rb"(?m)^\.")
_BARE = re.compile(rb"\r(?!\n)|(?<!\r)\n")
RETRY_AFTER = (timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=60), timedelta(minutes=240))
GIVE_UP_AFTER = timedelta(hours=48)


class SendState(StrEnum):
    ACCEPTED = "accepted"
    RETRY = "retry"
    FAILED = "failed"
    UNKNOWN = "unknown"  # perhaps delivered: only a human may send it again


class Refusal(msgspec.Struct, frozen=True):
    """`code` is the SMTP reply, 0 where there was none; `status` the enhanced code."""

    error_class: ErrorClass
    message: str
    code: int = 0
    status: str = ""
    address: str = ""


class SendResult(msgspec.Struct, frozen=True):
    """`refused` lists recipients left out of an accepted mail, or why a mail was not accepted."""

    state: SendState
    message: str = ""
    refused: tuple[Refusal, ...] = ()

    @property
    def error_class(self) -> ErrorClass | None:
        return self.refused[0].error_class if self.refused else None


def retry_delay(attempt: int, waited: timedelta) -> timedelta | None:
    """How long after the `attempt`th failure (from 1) to try again; None when 48 hours are over."""
    delay = RETRY_AFTER[min(attempt, len(RETRY_AFTER)) - 1]
    return delay if waited + delay <= GIVE_UP_AFTER else None


class SmtpSender:
    """One authenticated connection, for as many mails as the caller has at hand."""

    def __init__(self, settings: MailSettings, secret: MailSecret) -> None:
        self._settings = settings
        self._secret = secret
        self._client: SMTP | None = None

    async def __aenter__(self) -> "SmtpSender":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def send(self, mail: RenderedMail) -> SendResult:
        """Never raises for what the server says or does; programming errors do."""
        try:
            client = await self._ready()
        except _Refused as refused:
            return _result(refused.refusal)
        return await self._transfer(client, mail)

    async def verify(self) -> Refusal | None:
        """Connects and logs in; None when the server is willing."""
        try:
            await self._ready()
        except _Refused as refused:
            return refused.refusal
        return None

    async def _ready(self) -> SMTP:
        if self._client is not None and self._client.is_connected:
            try:
                await self._client.rset()
                return self._client
            except (SMTPException, OSError):
                await self.close()
        self._client = await self._connect()
        return self._client

    async def _connect(self) -> SMTP:
        server = self._settings.outgoing
        if server is None:
            raise _Refused(Refusal(ErrorClass.BAD_REQUEST, "no outgoing server is set"))
        client = SMTP(
            hostname=server.host,
            port=server.port,
            timeout=CONNECT_SECONDS,
            use_tls=server.security is Security.TLS,
            start_tls=server.security is Security.STARTTLS,
            tls_context=tls_context(server),
            local_hostname=self._settings.domain if self._settings.domain.isascii() else "localhost",
        )
        try:
            await client.connect()
            await self._login(client)
        except SMTPAuthenticationError as failure:
            client.close()
            raise _Refused(_refusal(failure, ErrorClass.AUTH)) from failure
        except SMTPResponseException as failure:
            client.close()
            raise _Refused(_refusal(failure)) from failure
        except (SMTPException, OSError) as failure:
            client.close()
            cause = failure.__cause__ or failure
            raise _Refused(Refusal(classify_failure(cause), str(failure)[:500])) from failure
        client.timeout = _REPLY_SECONDS
        return client

    async def _login(self, client: SMTP) -> None:
        if self._settings.auth is Auth.XOAUTH2:
            await client.auth_xoauth2(self._settings.login, self._secret.token)
        elif self._secret.password:
            await client.login(self._settings.login, self._secret.password)

    async def _transfer(self, client: SMTP, mail: RenderedMail) -> SendResult:
        """Before the content is written every failure is harmless; after it only a reply tells."""
        try:
            refused = await self._envelope(client, mail)
            if len(refused) == len(mail.recipients):
                return _result(*refused)
            started = await client.execute_command(b"DATA", timeout=_REPLY_SECONDS)
            if started.code != 354:
                raise SMTPResponseException(started.code, started.message)
        except _Refused as failure:
            return _result(failure.refusal)
        except SMTPResponseException as failure:
            return _result(_refusal(failure))
        except (SMTPException, OSError) as failure:
            await self.close()
            return _result(Refusal(ErrorClass.TRANSIENT, str(failure)[:500]))
        return await self._content(client, mail, tuple(refused))

    async def _envelope(self, client: SMTP, mail: RenderedMail) -> list[Refusal]:
        limit = client.esmtp_extensions.get("size", "").strip()
        if limit.isdigit() and 0 < int(limit) < len(mail.content):
            raise _Refused(Refusal(ErrorClass.BAD_REQUEST, f"larger than the server's limit of {limit} bytes"))
        options = [f"SIZE={len(mail.content)}"] if "size" in client.esmtp_extensions else []
        encoding = "ascii"
        if mail.smtputf8:
            if not client.supports_extension("smtputf8"):
                raise _Refused(Refusal(ErrorClass.RECIPIENT, "the server knows no international addresses"))
            options += ["SMTPUTF8", "BODY=8BITMIME"]
            encoding = "utf-8"
        await client.mail(mail.envelope_from, options=options, encoding=encoding)
        refused: list[Refusal] = []
        for recipient in mail.recipients:
            try:
                await client.rcpt(recipient, encoding=encoding)
            except aiosmtplib.SMTPRecipientRefused as failure:
                refused.append(msgspec.structs.replace(_refusal(failure), address=recipient))
        return refused

    async def _content(self, client: SMTP, mail: RenderedMail, refused: tuple[Refusal, ...]) -> SendResult:
        protocol = client.protocol
        try:
            if protocol is None:
                raise aiosmtplib.SMTPServerDisconnected("Connection lost")
            protocol.write(stuffed(mail.content))
            answer = await protocol.read_response(timeout=_DATA_SECONDS)
        except (SMTPException, OSError) as failure:
            await self.close()
            silence = Refusal(ErrorClass.UNKNOWN, f"no answer after the content was sent: {failure}"[:500])
            return SendResult(SendState.UNKNOWN, silence.message, (silence, *refused))
        if answer.code != 250:
            return _result(_refusal(SMTPResponseException(answer.code, answer.message)))
        return SendResult(SendState.ACCEPTED, answer.message[:500], refused)

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is None or not client.is_connected:
            return
        try:
            await client.quit(timeout=5)
        except (SMTPException, OSError):
            client.close()


async def send(settings: MailSettings, secret: MailSecret, mail: RenderedMail) -> SendResult:
    async with SmtpSender(settings, secret) as sender:
        return await sender.send(mail)


def stuffed(content: bytes) -> bytes:
    """Dot-stuffed and ended; lone line breaks become CRLF so that nothing in a mail can end it early."""
    if content.count(b"\n") != content.count(b"\r\n") or content.count(b"\r") != content.count(b"\r\n"):
        content = _BARE.sub(b"\r\n", content)
    if not content.endswith(b"\r\n"):
        content += b"\r\n"
    return _DOT.sub(b"..", content) + b".\r\n"


class _Refused(Exception):  # noqa: N818 - carries a refusal out of the connection set-up
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


def _refusal(failure: SMTPResponseException, known: ErrorClass | None = None) -> Refusal:
    text = str(failure.message)
    found = known or classify_smtp(failure.code, text)
    if known is ErrorClass.AUTH and 400 <= failure.code < 500:
        found = ErrorClass.TRANSIENT  # "temporary authentication failure" is not a wrong password
    return Refusal(found, text[:500], failure.code, enhanced_code(text))


def _result(*refused: Refusal) -> SendResult:
    """Tried again only when every reason may pass by itself."""
    passing = all(one.error_class in (ErrorClass.THROTTLE, ErrorClass.TRANSIENT) for one in refused)
    return SendResult(SendState.RETRY if passing else SendState.FAILED, refused[0].message, refused)
