"""The house's mailbox at the mail provider, by IMAP: as much of RFC 3501 as a desk that fetches its mail asks for."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime

import msgspec

ABLE = "IMAP4rev1 IDLE UIDPLUS"
_LONGEST_LINE = 64 * 1024
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')
_HEADER = re.compile(rb"\r?\n\r?\n")
_ASKED = re.compile(r"BODY(?:\.PEEK)?\[([^\]]*)\]|RFC822\.SIZE|INTERNALDATE|FLAGS", re.IGNORECASE)
_MESSAGE_ID = re.compile(rb"(?im)^message-id:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n")


class Letter(msgspec.Struct, frozen=True):
    uid: int
    raw: bytes
    at: datetime


class Mailbox:
    """What lies there, and who is told when more comes. It begins anew with the process, as its `validity` says."""

    def __init__(self, validity: int) -> None:
        self.validity = validity
        self.letters: list[Letter] = []
        self._told: set[asyncio.Event] = set()

    def put(self, raw: bytes, at: datetime) -> None:
        self.letters.append(Letter(len(self.letters) + 1, raw, at))
        for each in self._told:
            each.set()

    def watch(self, told: asyncio.Event) -> Callable[[], None]:
        """Gives what ends it."""
        self._told.add(told)
        return lambda: self._told.discard(told)


class ImapSession:
    """One connection. `may` judges a log-in; `heard` is told of each command, for the journal."""

    def __init__(
        self, mailbox: Mailbox, may: Callable[[str, str], bool], heard: Callable[[str, str], None],
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter,
    ) -> None:  # fmt: skip
        self._mailbox = mailbox
        self._may = may
        self._heard = heard
        self._reader = reader
        self._writer = writer
        self._known = 0
        self._in = False

    async def run(self) -> None:
        told = asyncio.Event()
        unwatch = self._mailbox.watch(told)
        try:
            self._say(f"* OK [CAPABILITY {ABLE}] ready")
            while (line := await self._reader.readline()).endswith(b"\n"):
                tag, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
                if rest.upper() == "LOGOUT":
                    self._say("* BYE see you", f"{tag} OK done")
                    break
                if rest.upper() == "IDLE" and self._in:
                    await self._idle(tag, told)
                else:
                    self._answer(tag, rest)
                await self._writer.drain()
        except (OSError, ValueError):
            pass  # who is gone needs no answer
        finally:
            unwatch()
            self._writer.close()
            with suppress(OSError):
                await self._writer.wait_closed()

    def _say(self, *lines: str) -> None:
        self._writer.write("".join(f"{each}\r\n" for each in lines).encode())

    def _answer(self, tag: str, rest: str) -> None:
        words = [quoted or plain for quoted, plain in _TOKEN.findall(rest)]
        command = words[0].upper() if words else ""
        if command == "UID" and len(words) > 1:
            command = f"UID {words[1].upper()}"
        self._heard(command, "" if command == "LOGIN" else rest)
        if command in ("SELECT", "EXAMINE", "UID SEARCH", "UID FETCH") and not self._in:
            self._say(f"{tag} NO log in first")
            return
        match command:
            case "CAPABILITY":
                self._say(f"* CAPABILITY {ABLE}", f"{tag} OK done")
            case "LOGIN":
                self._in = len(words) == 3 and self._may(words[1], words[2])
                self._say(f"{tag} OK welcome" if self._in else f"{tag} NO [AUTHENTICATIONFAILED] wrong password")
            case "SELECT" | "EXAMINE":
                self._select(tag)
            case "LIST":
                self._say('* LIST () "/" INBOX', f"{tag} OK done")
            case "NOOP" | "CHECK":
                self._news()
                self._say(f"{tag} OK done")
            case "UID SEARCH":
                self._news()
                found = " ".join(str(each.uid) for each in self._searched(words[2:]))
                self._say(f"* SEARCH {found}".rstrip(), f"{tag} OK done")
            case "UID FETCH":
                for letter in self._within(words[2]):
                    self._fetched(letter, rest)
                self._say(f"{tag} OK done")
            case _:
                self._say(f"{tag} BAD unknown command")

    def _select(self, tag: str) -> None:
        box = self._mailbox
        self._known = len(box.letters)
        self._say(
            f"* {self._known} EXISTS", "* 0 RECENT", r"* FLAGS (\Seen)", f"* OK [UIDVALIDITY {box.validity}] valid",
            f"* OK [UIDNEXT {self._known + 1}] next", f"{tag} OK [READ-ONLY] INBOX",
        )  # fmt: skip

    def _news(self) -> None:
        if len(self._mailbox.letters) != self._known:
            self._known = len(self._mailbox.letters)
            self._say(f"* {self._known} EXISTS")

    async def _idle(self, tag: str, told: asyncio.Event) -> None:
        self._heard("IDLE", "")
        self._say("+ idling")
        done = asyncio.create_task(self._reader.readline())
        while not done.done():
            told.clear()
            self._news()
            await self._writer.drain()
            more = asyncio.create_task(told.wait())
            await asyncio.wait({done, more}, return_when=asyncio.FIRST_COMPLETED)
            more.cancel()
        if not done.result():
            raise ConnectionResetError
        self._say(f"{tag} OK done")

    def _searched(self, words: list[str]) -> list[Letter]:
        """By UID, or by the day since when."""
        kind = words[0].upper() if words else ""
        if kind == "UID":
            return list(self._within(words[1]))
        if kind == "SINCE":
            since = datetime.strptime(words[1], "%d-%b-%Y").date()  # noqa: DTZ007 - a day has no zone here
            return [each for each in self._mailbox.letters if each.at.date() >= since]
        return self._mailbox.letters

    def _within(self, ranges: str) -> Iterator[Letter]:
        """`n:*` always names the last one too, as the standard has it."""
        last = len(self._mailbox.letters)
        for letter in self._mailbox.letters:
            for each in ranges.split(","):
                low, _, high = each.partition(":")
                ends = sorted(last if end == "*" else int(end) for end in (low, high or low))
                if ends[0] <= letter.uid <= ends[1]:
                    yield letter
                    break

    def _fetched(self, letter: Letter, asked: str) -> None:
        parts = [f"UID {letter.uid}".encode()]
        for found in _ASKED.finditer(asked.upper()):
            name = found[0].replace(".PEEK", "").encode()
            if name == b"RFC822.SIZE":
                parts.append(b"RFC822.SIZE %d" % len(letter.raw))
            elif name == b"INTERNALDATE":
                parts.append(f'INTERNALDATE "{letter.at:%d-%b-%Y %H:%M:%S %z}"'.encode())
            elif name == b"FLAGS":
                parts.append(b"FLAGS ()")
            else:
                content = _section(letter.raw, found[1])
                parts.append(name + b" {%d}\r\n" % len(content) + content)
        self._writer.write(b"* %d FETCH (" % letter.uid + b" ".join(parts) + b")\r\n")


def _section(raw: bytes, name: str) -> bytes:
    """The whole, its header, or of the header what says which mail it is."""
    head = _HEADER.split(raw, maxsplit=1)[0] + b"\r\n\r\n"
    if name.startswith("HEADER.FIELDS"):
        found = _MESSAGE_ID.search(head)
        return (found[0] if found else b"") + b"\r\n"
    return head if name == "HEADER" else raw
