"""A mail, a zone, a verdict."""

from __future__ import annotations

import asyncio
import socket

import pytest

from tests.standins.names import TROUBLE, Zone, dns_server
from tests.standins.signing import PLAIN, RESULTS, RSA_RECORD, sealed, signed
from yizhan.channels.email import DnsTrouble, MailSettings, SenderProof, SystemDns, Verdict, parse
from yizhan.channels.email.proving import Keys, Signatures, check, lookups, prove_sender

SETTINGS = MailSettings(address="support@shop.test", authserv_ids=("mx.shop.test",), arc_sealers=("lists.test",))
KEY = {"TXT s1._domainkey.customer.test": [RSA_RECORD]}
REJECT = {"TXT _dmarc.customer.test": ["v=DMARC1; p=reject"]}
WAY = (
    b"Return-Path: <wang@customer.test>\r\n"
    b"Received: from mail.customer.test (mail.customer.test [93.184.216.34]) by mx.shop.test with ESMTP\r\n"
)
SPF = {"TXT customer.test": ["v=spf1 ip4:93.184.216.34 -all"]}


async def beside(raw: bytes, keys: Keys) -> Signatures:
    return await asyncio.to_thread(check, raw, keys)


async def proof(raw: bytes, *records: dict[str, list[str]], settings: MailSettings = SETTINGS) -> SenderProof:
    zone = Zone({key: rows for one in records for key, rows in one.items()})
    return await prove_sender(parse(raw), settings, zone, beside)


async def test_a_signature_of_the_authors_domain_proves_him() -> None:
    for records in ([KEY, REJECT], [KEY]):
        found = await proof(signed(), *records)
        assert (found.verdict, found.domain, found.by, found.dkim) == (Verdict.PASSED, "customer.test", "own", "pass")


async def test_the_way_alone_proves_him_too() -> None:
    found = await proof(WAY + PLAIN, SPF, REJECT)
    assert (found.verdict, found.spf, found.dmarc) == (Verdict.PASSED, "pass", "pass")
    assert (await proof(WAY + PLAIN, SPF)).verdict is Verdict.PASSED
    strange = WAY.replace(b"93.184.216.34", b"8.8.8.8") + PLAIN
    assert (await proof(strange, SPF, REJECT)).verdict is Verdict.FAILED
    assert (await proof(strange, SPF)).verdict is Verdict.UNPROVED


async def test_nothing_said_is_nothing_proved() -> None:
    assert (await proof(PLAIN)).verdict is Verdict.UNPROVED
    assert (await proof(PLAIN, REJECT)).verdict is Verdict.FAILED
    assert (await proof(b"Subject: no author\r\n\r\nx", REJECT)).verdict is not Verdict.PASSED


async def test_a_strangers_good_signature_proves_only_the_stranger() -> None:
    evil = signed(domain="evil.test")
    keys = {"TXT s1._domainkey.evil.test": [RSA_RECORD]}
    found = await proof(evil, keys)
    assert (found.dkim, found.verdict, found.domain) == ("pass", Verdict.UNPROVED, "")
    assert (await proof(evil, keys, REJECT)).verdict is Verdict.FAILED


async def test_two_authors_are_none() -> None:
    two = PLAIN.replace(b"From: Wang <wang@customer.test>", b"From: wang@customer.test, boss@bank.test")
    assert (await proof(signed(two), KEY)).verdict is Verdict.FAILED
    results = b"Authentication-Results: mx.shop.test; dmarc=pass header.from=customer.test\r\n"
    assert (await proof(results + b"From: boss@bank.test\r\n" + PLAIN)).verdict is Verdict.FAILED


async def test_our_servers_word_is_taken_and_nobody_elses() -> None:
    good = b"Authentication-Results: MX.shop.test 1; spf=pass smtp.mailfrom=customer.test;\r\n dmarc=pass (p=none)\r\n"
    found = await proof(good + PLAIN)
    assert (found.verdict, found.by, found.spf, found.dmarc) == (Verdict.PASSED, "server", "pass", "pass")
    assert (await proof(good.replace(b"MX.shop", b"mx.evil") + PLAIN)).verdict is Verdict.UNPROVED
    bad = b"Authentication-Results: mx.shop.test; dmarc=fail header.from=customer.test\r\n"
    assert (await proof(bad + signed(), KEY)).verdict is Verdict.FAILED
    assert (await proof(bad + good + PLAIN)).verdict is Verdict.FAILED  # only the topmost
    quoted = b'Authentication-Results: mx.shop.test; dkim=fail reason="x; dmarc=pass header.from=customer.test"\r\n'
    assert (await proof(quoted + PLAIN)).verdict is Verdict.UNPROVED
    signed_ = b"Authentication-Results: mx.shop.test; dkim=pass header.i=@customer.test; spf=none\r\n"
    assert (await proof(signed_ + PLAIN)).domain == "customer.test"
    other = signed_.replace(b"@customer", b"@evil").replace(b"spf=none", b"spf=pass smtp.mailfrom=x@evil.test")
    assert (await proof(other + PLAIN)).verdict is Verdict.UNPROVED


async def test_trouble_with_names_proves_nothing_and_accuses_nobody() -> None:
    lost = {"TXT s1._domainkey.customer.test": [TROUBLE]}
    found = await proof(signed(), lost, REJECT)
    assert (found.dkim, found.dmarc, found.verdict) == ("temperror", "temperror", Verdict.UNPROVED)
    away = {"TXT _dmarc.customer.test": [TROUBLE]}
    assert (await proof(PLAIN, away)).verdict is Verdict.UNPROVED
    assert (await proof(signed(), KEY, away)).verdict is Verdict.PASSED  # the very domain has signed


async def test_a_forwarder_we_trust_vouches_for_what_it_changed() -> None:
    forwarded = sealed(RESULTS + PLAIN, "lists.test", "lists.test")
    key = {"TXT seal._domainkey.lists.test": [RSA_RECORD]}
    found = await proof(forwarded, key, REJECT)
    assert (found.verdict, found.arc, found.domain) == (Verdict.PASSED, "pass", "customer.test")
    strict = MailSettings(address="support@shop.test")
    assert (await proof(forwarded, key, REJECT, settings=strict)).verdict is Verdict.FAILED


async def test_names_from_a_real_server() -> None:
    hosts = {"MX customer.test": ["20 b.test", "10 a.test"], "A a.test": ["203.0.113.7"]}
    back = {"PTR 7.113.0.203.in-addr.arpa": ["a.test."], "TXT lost.test": [TROUBLE]}
    with dns_server(Zone({**KEY, **SPF, **hosts, **back})) as address:
        names = SystemDns([address])
        assert await names.look_up("s1._domainkey.customer.test", "TXT") == (RSA_RECORD,)
        assert await names.look_up("customer.test", "MX") == ("a.test", "b.test")
        assert await names.look_up("a.test", "A") == ("203.0.113.7",)
        assert await names.look_up("7.113.0.203.in-addr.arpa", "PTR") == ("a.test",)
        assert await names.look_up("a.test", "TXT") == ()
        assert await names.look_up("nobody.test", "A") == ()
        assert await names.look_up("a..test", "A") == ()
        with pytest.raises(DnsTrouble):
            await names.look_up("lost.test", "TXT")
        found = await prove_sender(parse(signed()), SETTINGS, names, beside)
    assert found.passed


async def test_reserved_names_are_nobodys() -> None:
    assert await SystemDns().look_up("customer.test", "TXT") == ()


async def test_where_nobody_answers_mail_does_not_wait_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:  # takes questions and says nothing
        deaf.bind(("127.0.0.1", 0))
        monkeypatch.setattr(lookups, "_SECONDS", 0.05)
        names = SystemDns([f"127.0.0.1:{deaf.getsockname()[1]}"])
        for number in range(3):
            with pytest.raises(DnsTrouble, match="no answer about"):
                await names.look_up(f"n{number}.test", "TXT")
        with pytest.raises(DnsTrouble, match="no server answers"):
            await names.look_up("n4.test", "TXT")
