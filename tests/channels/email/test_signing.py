"""Our signature: anybody can check it with what the administrator published."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from tests.standins.names import Zone
from yizhan.channels.email import (
    Address,
    Automatic,
    Dkim,
    File,
    MailSecret,
    MailSettings,
    OutgoingMail,
    check,
    new_keys,
    parse,
    prove_sender,
    published,
    records,
    render,
    sign,
)
from yizhan.channels.email.proving import Keys, Signatures

SECRET = msgspec.convert(new_keys(), MailSecret)
SETTINGS = MailSettings(address="support@shop.test", dkim=Dkim(selector="yz202603", enabled=True))
ZONE = {f"TXT {one.name}": [one.value] for one in records(SETTINGS, SECRET)}
MAIL = OutgoingMail(
    from_=Address("山雀生活客服", "support@shop.test"), to=(Address("王晓燕", "wang@customer.test"),),
    subject="您的退款申请已经受理，三个工作日内到账", text="已受理。\n.\n\n\n", html="<p>已受理。</p>",
    message_id="conv.a.b@shop.test", date=datetime(2026, 3, 2, tzinfo=UTC), envelope_from="support@shop.test",
    references=tuple(f"{n}@customer.test" for n in range(20)), in_reply_to="19@customer.test",
    reply_to="support+c1@shop.test", files=(File("发票.pdf", "application/pdf", bytes(range(256)) * 50),),
)  # fmt: skip


def checked(content: bytes) -> list[str]:
    keys = {key.removeprefix("TXT "): rows[0] for key, rows in ZONE.items()}
    return [one.result for one in check(content, keys).dkim]


@pytest.mark.parametrize("automatic", list(Automatic))
def test_both_signatures_hold_and_cover_what_is_read(automatic: Automatic) -> None:
    content = sign(render(msgspec.structs.replace(MAIL, automatic=automatic)).content, SETTINGS, SECRET)
    assert checked(content) == ["pass", "pass"]
    assert parse(content).subject == MAIL.subject
    assert max(map(len, content.split(b"\r\n"))) < 998
    assert checked(b"From: boss@shop.test\r\n" + content) == ["fail", "fail"]
    assert checked(content.replace(b"References: <0@", b"References: <x@")) == ["fail", "fail"]


async def test_whoever_gets_it_finds_the_sender_proved() -> None:
    async def beside(raw: bytes, keys: Keys) -> Signatures:
        return check(raw, keys)

    content = sign(render(MAIL).content, SETTINGS, SECRET)
    other = MailSettings(address="support@other.test")
    zone = Zone({**ZONE, "TXT _dmarc.shop.test": ["v=DMARC1; p=reject; adkim=s"]})
    assert (await prove_sender(parse(content), other, zone, beside)).passed


def test_nothing_is_signed_before_it_is_switched_on() -> None:
    content = render(MAIL).content
    off = msgspec.structs.replace(SETTINGS, dkim=Dkim(selector="yz202603"))
    assert sign(content, off, SECRET) == content
    assert sign(content, SETTINGS, MailSecret()) == content
    assert records(SETTINGS, MailSecret()) == ()


async def test_the_records_are_published_or_not() -> None:
    rsa, edwards = records(SETTINGS, SECRET)
    assert rsa.name == "yz202603._domainkey.shop.test"
    spaced = rsa.value.replace("; ", ";  ") + ";"
    zone = Zone({f"TXT {rsa.name}": ["v=spf1 -all", spaced]})
    assert await published(zone, rsa)
    assert not await published(zone, edwards)
