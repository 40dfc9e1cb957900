"""Servers that want their own ways: 163 asks for ID, some know no IDLE, all hang up one day."""

import asyncio
import re
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib import import_module

import pytest

from yizhan.channels.email import MailSecret, MailSettings, Security, Server
from yizhan.channels.email.transport import Cursor, ErrorClass, Fetched, MailServerError, receive, receive_once
from yizhan.foundation.clock import FakeClock

NOW = datetime(2024, 10, 21, tzinfo=UTC)
MAIL = b"Subject: hi\r\n\r\nhello\r\n"


class OddServer:
    """IMAP for one folder of equal mails; what is odd about it is set by the test."""

    def __init__(self) -> None:
        self.capabilities = "IMAP4rev1 ID"
        self.wants_id = True
        self.mails = 1
        self.hang_up_at = ""
        self.login_says = "OK logged in"
        self.connections = 0
        self.seen: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        named = False
        writer.write(b"* OK ready\r\n")
        while line := await reader.readline():
            tag, _, command = line.decode().strip().partition(" ")
            self.seen.append(command)
            named = named or command.startswith("ID ")
            if self.hang_up_at and command.startswith(self.hang_up_at):
                self.hang_up_at = ""
                break
            for answer in self._answers(command, named):
                writer.write(answer.replace(b"TAG", tag.encode()) + b"\r\n")
            await writer.drain()
        writer.close()

    def _answers(self, command: str, named: bool) -> list[bytes]:
        ok = b"TAG OK done"
        if command == "CAPABILITY":
            return [f"* CAPABILITY {self.capabilities}".encode(), ok]
        if command.startswith("LOGIN"):
            return [f"TAG {self.login_says}".encode()]
        if command.startswith(("SELECT", "EXAMINE")):
            if self.wants_id and not named:
                return [b"TAG NO SELECT Unsafe Login. Please contact kefu@188.com for help"]
            numbers = f"* {self.mails} EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT {self.mails + 1}] ok"
            return [numbers.encode(), ok]
        if command.startswith("UID SEARCH"):
            # As real servers do, `n:*` names the last mail even when n is past it.
            low = int(re.search(r"(\d+):", command)[1])  # type: ignore[index]
            found = [uid for uid in range(1, self.mails + 1) if uid >= low] or [self.mails]
            return [b"* SEARCH " + " ".join(map(str, found)).encode(), ok]
        if command.startswith("UID FETCH"):
            return [*self._fetched(command), ok]
        return [ok]

    def _fetched(self, command: str) -> list[bytes]:
        uids = [int(uid) for uid in command.split()[2].split(",")]
        if "RFC822.SIZE" in command:
            return [b"* %d FETCH (UID %d RFC822.SIZE %d)" % (uid, uid, len(MAIL)) for uid in uids]
        date = b'INTERNALDATE "21-Oct-2024 08:00:00 +0800"'
        return [b"* %d FETCH (UID %d %b BODY[] {%d}\r\n%b)" % (uid, uid, date, len(MAIL), MAIL) for uid in uids]


class Box:
    def __init__(self) -> None:
        self.cursor: Cursor | None = Cursor(7, 0)
        self.taken: list[Fetched] = []
        self.woken = asyncio.Event()

    async def take(self, mail: Fetched) -> None:
        await asyncio.sleep(0)
        self.taken.append(mail)
        self.woken.set()

    async def load_cursor(self) -> Cursor | None:
        return self.cursor

    async def save_cursor(self, cursor: Cursor) -> None:
        self.cursor = cursor

    async def known(self, message_ids: Sequence[str]) -> Collection[str]:
        return ()


async def secret() -> MailSecret:
    await asyncio.sleep(0)
    return MailSecret(password="code")


@asynccontextmanager
async def odd(**odd_ways: object) -> AsyncIterator[tuple[OddServer, MailSettings]]:
    script = OddServer()
    for name, value in odd_ways.items():
        setattr(script, name, value)
    server = await asyncio.start_server(script.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        incoming = Server("127.0.0.1", port, Security.NONE)
        yield script, MailSettings(address="me@163.com", incoming=incoming, poll_seconds=5)


async def test_the_client_names_itself_before_it_selects() -> None:
    async with odd() as (server, settings):
        box = Box()
        assert await receive_once(settings, await secret(), box, NOW) == 1
    ways = [command.split()[0] for command in server.seen]
    assert ways.index("ID") < ways.index("EXAMINE")
    assert box.taken[0].raw == MAIL
    assert box.taken[0].arrived == NOW


async def test_the_last_mail_is_not_taken_again_and_again() -> None:
    async with odd() as (_, settings):
        box = Box()
        assert [await receive_once(settings, await secret(), box, NOW) for _ in range(3)] == [1, 0, 0]


async def test_a_folder_that_cannot_be_read_is_for_a_human() -> None:
    async with odd(wants_id=True, capabilities="IMAP4rev1") as (_, settings):
        with pytest.raises(MailServerError) as failure:
            await receive(settings, secret, Box(), FakeClock(NOW), stopped=asyncio.Event())
    assert failure.value.error_class is ErrorClass.PERMISSION
    assert "Unsafe Login" in failure.value.message


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("NO [AUTHENTICATIONFAILED] wrong", ErrorClass.AUTH),
        ("NO LOGIN Login error password error", ErrorClass.AUTH),
        ("NO [UNAVAILABLE] try later", ErrorClass.TRANSIENT),
        ("NO Too many simultaneous connections", ErrorClass.TRANSIENT),
    ],
)
async def test_a_refused_login_is_not_always_a_wrong_password(said: str, expected: ErrorClass) -> None:
    async with odd(login_says=said) as (_, settings):
        with pytest.raises(MailServerError) as failure:
            await receive_once(settings, await secret(), Box(), NOW)
    assert failure.value.error_class is expected


async def test_letters_outside_ascii_in_a_password_are_a_wrong_password() -> None:
    async with odd() as (_, settings):
        with pytest.raises(MailServerError) as failure:
            await receive_once(settings, MailSecret(password="密码"), Box(), NOW)
    assert failure.value.error_class is ErrorClass.AUTH


@pytest.mark.parametrize("moment", ["LOGIN", "EXAMINE", "UID SEARCH", "UID FETCH"])
async def test_a_server_that_hangs_up_is_called_again(moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = import_module("yizhan.channels.email.transport.receive")  # the package's `receive` is the function
    monkeypatch.setattr(module, "_BACKOFF_FIRST", 0.01)
    async with odd(hang_up_at=moment) as (server, settings):
        box, stopped = Box(), asyncio.Event()
        running = asyncio.create_task(receive(settings, secret, box, FakeClock(NOW), stopped=stopped))
        await asyncio.wait_for(box.woken.wait(), 10)
        stopped.set()
        await asyncio.wait_for(running, 10)
    assert server.connections == 2
    assert len(box.taken) == 1


async def test_without_idle_the_folder_is_polled() -> None:
    async with odd() as (server, settings):
        box, stopped = Box(), asyncio.Event()
        polled = MailSettings(address="me@163.com", incoming=settings.incoming, poll_seconds=0)
        running = asyncio.create_task(receive(polled, secret, box, FakeClock(NOW), stopped=stopped))
        await asyncio.wait_for(box.woken.wait(), 10)
        box.woken.clear()
        server.mails = 2
        await asyncio.wait_for(box.woken.wait(), 10)
        stopped.set()
        await asyncio.wait_for(running, 10)
    assert server.connections == 1
    assert box.cursor == Cursor(7, 2)
    assert not any(command.startswith("IDLE") for command in server.seen)
