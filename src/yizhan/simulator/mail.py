"""A mail provider: the house's mailbox by IMAP, its way out by SMTP, and people who write from addresses of their own.

It proves senders as a receiving host does, by `Authentication-Results`: nobody but the played can write from here.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Any, ClassVar

from yizhan.simulator.mail_imap import ImapSession, Mailbox
from yizhan.simulator.mail_smtp import SmtpSession
from yizhan.simulator.people import Blob, Bubble, Human, Person, Words
from yizhan.simulator.pusher import Push
from yizhan.simulator.vendor import Door, Vendor

HOUSE = "kefu@shanque.example"
PEOPLE = "mail.example"
_HOST = "mx.shanque.example"
_NO_SUBJECT = "(无主题)"


class Mail(Vendor):
    """`open` begins to listen; before that nobody can fetch or send."""

    name = "mail"
    title = Words("邮箱", "E-mail")
    doors = (Door(
        channel="email", title=Words("电子邮件", "E-mail"), says=("text", "image", "file"), letters=True,
        hint=Words(
            "先在别的渠道里说一句「我的邮箱是 …」(上面的地址),再从这里来信:两处就是同一位客户。",
            "First say \"my mail is …\" (the address above) on another channel, then write from here: one customer.",
        ),
    ),)  # fmt: skip
    fault_words: ClassVar[Mapping[int | str, Words]] = {
        550: Words("没有这个收件人", "No such recipient"), 552: Words("对方邮箱满了", "Mailbox full"),
        451: Words("请稍后再试", "Try again later"),
    }  # fmt: skip

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.mailbox = Mailbox(int(self.clock.now().timestamp()))
        self._password = secrets.token_urlsafe(12)
        self._ports = {"incoming": 143, "outgoing": 25}
        self._open = AsyncExitStack()

    # what the house is told -------------------------------------------------------------------------------------------

    def settings(self, channel: str) -> dict[str, Any]:
        at = {"host": "127.0.0.1", "security": "none", "verify": False}
        return {
            "address": HOUSE, "from_name": "山雀生活", "history_days": 1, "authserv_ids": [_HOST], "poll_seconds": 5,
            **{way: {**at, "port": port} for way, port in self._ports.items()},
        }  # fmt: skip

    def secrets(self, channel: str) -> dict[str, str]:
        return {"password": self._password}

    async def open(self) -> None:
        for way, session in (("incoming", self._imap), ("outgoing", self._smtp)):
            server = await asyncio.start_server(session, "127.0.0.1", 0, limit=2**20)
            self._open.callback(server.close)
            self._ports[way] = server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        await self._open.aclose()

    def _may(self, user: str, password: str) -> bool:
        return user == HOUSE and secrets.compare_digest(password.encode(), self._password.encode())

    async def _imap(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await ImapSession(self.mailbox, self._may, self._fetched, reader, writer).run()

    async def _smtp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await SmtpSession(self, self._may, reader, writer).run()

    def _fetched(self, command: str, rest: str) -> None:
        if command == "UID FETCH":
            self.journal.note("call", self.clock.now(), "IMAP", rest, status=200, seconds=0)

    # what people write ------------------------------------------------------------------------------------------------

    def account_of(self, human: Human) -> Person:
        address = f"{human.key}@{PEOPLE}"
        return Person(id=address, human=human, facts={"address": address})

    async def said(self, channel: str, person: Person, bubble: Bubble) -> Push | None:
        """It lies in the house's mailbox, and whoever waits there is told."""
        bubble.payload.setdefault("title", _NO_SUBJECT)
        raw = self._letter(person, bubble, self._answered(person, bubble)).as_bytes(policy=policy.SMTP)
        proof = f"Authentication-Results: {_HOST}; dmarc=pass header.from={PEOPLE}\r\n"
        self.mailbox.put(f"Return-Path: <{person.id}>\r\n{proof}".encode() + raw, self.clock.now())
        return None

    def _answered(self, person: Person, bubble: Bubble) -> Bubble | None:
        wanted = bubble.payload.get("answers")
        chat = self.people.chat(self.doors[0].channel, person.id)
        return next((each for each in chat if each.by == "house" and each.id == wanted), None) if wanted else None

    def _letter(self, person: Person, bubble: Bubble, of: Bubble | None) -> EmailMessage:
        letter = EmailMessage()
        letter["From"] = formataddr((person.name, person.id))
        letter["To"] = of.payload.get("reply_to", HOUSE) if of else HOUSE
        letter["Subject"] = " ".join(str(bubble.payload["title"]).split())
        letter["Message-ID"] = f"<{bubble.id}@{PEOPLE}>"
        letter["Date"] = format_datetime(bubble.at)
        if of is not None:
            letter["In-Reply-To"] = letter["References"] = of.id
        letter.set_content(bubble.text or " ")
        if bubble.file is not None:
            main, _, sub = bubble.file.type.partition("/")
            letter.add_attachment(bubble.file.content, maintype=main, subtype=sub, filename=bubble.file.name)
        return letter

    # what the house sends ---------------------------------------------------------------------------------------------

    def knows(self, address: str) -> str:
        return "250 2.1.5 OK" if self.people.get(address.lower()) else "550 5.1.1 no such recipient"

    def takes(self, recipients: list[str], raw: bytes) -> str:
        started, fault = time.perf_counter(), self.faults.take("smtp")
        answer = _refusal(fault.refusal or 451) if fault else "250 2.0.0 taken"
        if fault is None:
            for address in recipients:
                self._delivered(address.lower(), raw)
        self.journal.note(
            "call", self.clock.now(), "SMTP", ", ".join(recipients), status=int(answer[:3]),
            seconds=time.perf_counter() - started, asked=raw, answered=answer.encode(),
        )  # fmt: skip
        return answer

    def _delivered(self, address: str, raw: bytes) -> None:
        letter = message_from_bytes(raw, policy=policy.default)
        plain = letter.get_body(("plain",))
        words = plain.get_content().replace("\r\n", "\n").strip() if plain else ""
        self.hear(
            address, words, id=str(letter["Message-ID"]).strip(),
            payload={"title": str(letter["Subject"] or _NO_SUBJECT), "reply_to": str(letter["Reply-To"] or HOUSE)},
            file=_first_file(letter),
        )  # fmt: skip


def _refusal(code: int | str) -> str:
    return f"{code} {str(code)[0]}.0.0 refused on purpose"


def _first_file(letter: EmailMessage) -> Blob | None:
    for each in letter.iter_attachments():
        content = each.get_content()
        whole = content if isinstance(content, bytes) else str(content).encode()
        return Blob(each.get_filename() or "file", each.get_content_type(), whole)
    return None
