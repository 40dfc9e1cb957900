"""The mail provider: what is written on the phone is fetched by IMAP, what the house sends by SMTP is on the phone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import msgspec
import pytest

from yizhan.channels.email import Cursor, Fetched, MailSecret, MailSettings
from yizhan.channels.email.parsing import parse
from yizhan.channels.email.proving import by_server
from yizhan.channels.email.rendering import RenderedMail
from yizhan.channels.email.transport import SmtpSender, receive_once
from yizhan.foundation.clock import FakeClock
from yizhan.simulator import CAST, Fault
from yizhan.simulator.mail import HOUSE, Mail

WANG = CAST[0]


class Desk:
    """The fetching side, which keeps what came and where it stands."""

    def __init__(self) -> None:
        self.taken: list[Fetched] = []
        self.cursor: Cursor | None = None

    async def take(self, mail: Fetched) -> None:
        self.taken.append(mail)

    async def load_cursor(self) -> Cursor | None:
        return self.cursor

    async def save_cursor(self, cursor: Cursor) -> None:
        self.cursor = cursor

    async def known(self, message_ids: object) -> set[str]:
        return set()


@pytest.fixture
async def provider(clock: FakeClock) -> AsyncIterator[Mail]:
    mail = Mail(clock)
    await mail.open()
    yield mail
    await mail.close()
    await mail.pusher.close()


def account(provider: Mail) -> tuple[MailSettings, MailSecret]:
    settings = msgspec.convert(provider.settings("email"), MailSettings)
    return settings, MailSecret(**provider.secrets("email"))


async def test_a_letter_is_fetched_once_and_its_sender_is_proved(provider: Mail, clock: FakeClock) -> None:
    settings, secret = account(provider)
    wang, desk = provider.meet(WANG), Desk()
    await provider.say(wang, "滤芯座裂了,照片在附件里。", payload={"title": "净化器漏水"}, kind="text")
    assert await receive_once(settings, secret, desk, clock.now()) == 1
    clock.advance(timedelta(minutes=1))
    await provider.say(wang, "还有一张。\n.", payload={"title": "补充"})
    assert await receive_once(settings, secret, desk, clock.now()) == 1
    assert await receive_once(settings, secret, desk, clock.now()) == 0
    first, second = (parse(each.raw) for each in desk.taken)
    assert (first.from_.email, first.from_.name, first.subject) == ("wang@mail.example", "王晓燕", "净化器漏水")
    assert ("滤芯座裂了" in first.visible_text, second.subject) == (True, "补充")
    proof = by_server(first, settings.authserv_ids)
    assert proof is not None
    assert (proof.passed, proof.domain) == (True, "mail.example")


async def test_an_answer_lies_on_the_phone_and_can_be_answered(provider: Mail, clock: FakeClock) -> None:
    settings, secret = account(provider)
    wang, desk = provider.meet(WANG), Desk()
    content = (
        f"From: {HOUSE}\r\nTo: wang@mail.example\r\nSubject: Re: leak [#1-94]\r\nMessage-ID: <a@shanque.example>\r\n"
        "Reply-To: kefu+cabc@shanque.example\r\n\r\nIt is on its way.\r\n..\r\n"
    ).encode()
    letter = RenderedMail(content=content, envelope_from=HOUSE, recipients=("wang@mail.example",), message_id="a")
    async with SmtpSender(settings, secret) as sender:
        assert (await sender.send(letter)).state == "accepted"
        nobody = msgspec.structs.replace(letter, recipients=("nobody@mail.example",))
        assert (await sender.send(nobody)).state == "failed"
        provider.faults.add([Fault(code=451)])
        assert (await sender.send(letter)).state == "retry"
    (answer,) = provider.people.chat("email", wang.id)
    assert (answer.text, answer.payload["title"]) == ("It is on its way.\n..", "Re: leak [#1-94]")
    await provider.say(wang, "谢谢", payload={"title": "Re: leak", "answers": answer.id})
    await receive_once(settings, secret, desk, clock.now())
    back = parse(desk.taken[0].raw)
    assert [each.email for each in back.to] == ["kefu+cabc@shanque.example"]
    assert list(back.in_reply_to) == ["a@shanque.example"]


async def test_a_wrong_password_opens_nothing(provider: Mail, clock: FakeClock) -> None:
    settings, _ = account(provider)
    async with SmtpSender(settings, MailSecret(password="guessed")) as sender:
        refused = await sender.verify()
    assert refused is not None
    assert refused.error_class == "auth"
