"""A server that fails at a chosen step: what may be sent again and what may not."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yizhan.channels.email import Address, MailSecret, MailSettings, OutgoingMail, Security, Server, render
from yizhan.channels.email.transport import ErrorClass, SendState, SmtpSender, retry_delay, send
from yizhan.channels.email.transport.connect import xoauth2_base64
from yizhan.channels.email.transport.failures import classify_smtp
from yizhan.channels.email.transport.send import stuffed

DROP = ""
SILENCE = "…"
NO_SECRET = MailSecret()
MAIL = render(
    OutgoingMail(
        from_=Address("", "support@shop.test"),
        to=(Address("", "ann@customer.test"),),
        subject="x",
        text="hello\n.\n",
        message_id="conv.a.b@shop.test",
        date=datetime(2024, 10, 21, tzinfo=UTC),
        envelope_from="support@shop.test",
    )
)


class Scripted:
    """Answers each step with what `faults` says, else as a willing server; DROP closes the connection."""

    def __init__(self, faults: dict[str, str]) -> None:
        self.faults = faults
        self.contents: list[bytes] = []
        self.connections = 0
        self.usual = {
            "GREETING": "220 hi",
            "EHLO": "250-mx\r\n250 SIZE 100000",
            "MAIL": "250 ok",
            "RCPT": "250 ok",
            "DATA": "354 go",
            "CONTENT": "250 2.0.0 queued",
            "RSET": "250 ok",
            "QUIT": "221 bye",
        }

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        going = await self._answer(writer, "GREETING")
        while going and (line := await reader.readline()):
            step = line.split()[0].decode().upper()
            going = await self._answer(writer, step)
            if going and step == "DATA" and self._said("DATA").startswith("354"):
                self.contents.append(await reader.readuntil(b"\r\n.\r\n"))
                going = await self._answer(writer, "CONTENT")
        writer.close()

    def _said(self, step: str) -> str:
        return self.faults.get(step, self.usual.get(step, "502 what"))

    async def _answer(self, writer: asyncio.StreamWriter, step: str) -> bool:
        said = self._said(step)
        if said == DROP:
            return False
        if said == SILENCE:
            return True
        writer.write(said.encode() + b"\r\n")
        await writer.drain()
        return True


@asynccontextmanager
async def scripted(**faults: str) -> AsyncIterator[tuple[Scripted, MailSettings]]:
    script = Scripted(faults)
    server = await asyncio.start_server(script.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    outgoing = Server("127.0.0.1", port, Security.NONE)
    async with server:
        yield script, MailSettings(address="support@shop.test", outgoing=outgoing)


@pytest.mark.parametrize(
    ("step", "said", "state", "error_class"),
    [
        ("GREETING", DROP, SendState.RETRY, ErrorClass.TRANSIENT),
        ("GREETING", "421 too many connections", SendState.RETRY, ErrorClass.THROTTLE),
        ("GREETING", "554 5.7.1 go away, blacklisted", SendState.FAILED, ErrorClass.CONTENT),
        ("EHLO", DROP, SendState.RETRY, ErrorClass.TRANSIENT),
        ("MAIL", "451 4.3.0 try again", SendState.RETRY, ErrorClass.TRANSIENT),
        ("MAIL", "450 4.7.1 rate limit exceeded", SendState.RETRY, ErrorClass.THROTTLE),
        ("MAIL", "553 5.7.1 sender not allowed", SendState.FAILED, ErrorClass.PERMISSION),
        ("RCPT", "550 5.1.1 user unknown", SendState.FAILED, ErrorClass.RECIPIENT),
        ("RCPT", "550 5.7.30 Basic authentication is not supported", SendState.FAILED, ErrorClass.AUTH),
        ("RCPT", DROP, SendState.RETRY, ErrorClass.TRANSIENT),
        ("DATA", DROP, SendState.RETRY, ErrorClass.TRANSIENT),
        ("DATA", "451 later", SendState.RETRY, ErrorClass.TRANSIENT),
        ("CONTENT", "451 4.3.0 later", SendState.RETRY, ErrorClass.TRANSIENT),
        ("CONTENT", "550 5.7.1 looks like spam", SendState.FAILED, ErrorClass.CONTENT),
        ("CONTENT", "552 5.3.4 too big", SendState.FAILED, ErrorClass.BAD_REQUEST),
        ("CONTENT", DROP, SendState.UNKNOWN, ErrorClass.UNKNOWN),
        ("CONTENT", "nonsense", SendState.UNKNOWN, ErrorClass.UNKNOWN),
    ],
)
async def test_every_step_can_fail(step: str, said: str, state: SendState, error_class: ErrorClass) -> None:
    async with scripted(**{step: said}) as (script, settings):
        result = await send(settings, NO_SECRET, MAIL)
    assert (result.state, result.error_class) == (state, error_class)
    assert len(script.contents) == (step == "CONTENT")


async def test_silence_after_the_content_is_not_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    module = import_module("yizhan.channels.email.transport.send")  # the package's `send` is the function
    monkeypatch.setattr(module, "_DATA_SECONDS", 0.05)
    async with scripted(CONTENT=SILENCE) as (script, settings):
        assert (await send(settings, NO_SECRET, MAIL)).state is SendState.UNKNOWN
    assert len(script.contents) == 1


async def test_what_is_sent_is_dot_stuffed_once() -> None:
    async with scripted() as (script, settings):
        assert (await send(settings, NO_SECRET, MAIL)).state is SendState.ACCEPTED
    assert script.contents == [stuffed(MAIL.content)]


async def test_a_connection_that_went_away_is_replaced() -> None:
    async with scripted() as (script, settings), SmtpSender(settings, NO_SECRET) as sender:
        assert (await sender.send(MAIL)).state is SendState.ACCEPTED
        script.faults["RSET"] = DROP
        assert (await sender.send(MAIL)).state is SendState.ACCEPTED
    assert script.connections == 2


async def test_international_addresses_need_a_server_that_knows_them() -> None:
    async with scripted() as (_, settings):
        mail = render(
            OutgoingMail(
                from_=Address("", "support@shop.test"),
                to=(Address("", "用户@customer.test"),),
                subject="x",
                text="x",
                message_id="a@b",
                date=datetime(2024, 10, 21, tzinfo=UTC),
                envelope_from="support@shop.test",
            )
        )
        assert (await send(settings, NO_SECRET, mail)).error_class is ErrorClass.RECIPIENT


@given(st.binary(max_size=300))
def test_no_content_can_end_itself_early(content: bytes) -> None:
    sent = stuffed(content)
    assert sent.endswith(b"\r\n.\r\n") or sent == b"\r\n.\r\n"
    assert sent.find(b"\r\n.\r\n") == len(sent) - 5
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", sent)


def test_retries_grow_and_end_after_two_days() -> None:
    delays = [retry_delay(attempt, timedelta(0)) for attempt in (1, 2, 3, 4, 9)]
    assert delays == [timedelta(minutes=minutes) for minutes in (5, 15, 60, 240, 240)]
    assert retry_delay(9, timedelta(hours=45)) is None


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        (535, "5.7.8 Error: authentication failed", ErrorClass.AUTH),
        (550, "5.1.10 RESOLVER.ADR.RecipientNotFound", ErrorClass.RECIPIENT),
        (550, "Mailbox not found", ErrorClass.RECIPIENT),
        (552, "5.2.2 over quota", ErrorClass.RECIPIENT),
        (554, "DT:SPM 163 smtp, spam detected", ErrorClass.CONTENT),
        (550, "发送频率过高", ErrorClass.BAD_REQUEST),
        (450, "发送过于频繁", ErrorClass.THROTTLE),
        (550, "5.7.60 SMTP; Client does not have permissions to send as this sender", ErrorClass.PERMISSION),
    ],
)
def test_words_of_providers(code: int, text: str, expected: ErrorClass) -> None:
    assert classify_smtp(code, text) is expected


def test_the_xoauth2_string_of_the_vendor_documentation() -> None:
    token = "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg"
    assert xoauth2_base64("someuser@example.com", token) == (
        "dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0"
        "Q2cBAQ=="
    )
    with pytest.raises(ValueError, match="control"):
        xoauth2_base64("a\x01b", token)


def test_a_secret_does_not_print_itself() -> None:
    assert "hunter2" not in repr(MailSecret(password="hunter2"))
