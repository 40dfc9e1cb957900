from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.channels.email.samples import names, raw
from tests.standins.signing import EDWARDS_RECORD, PLAIN, RESULTS, RSA_RECORD, sealed, signed
from yizhan.channels.email.parsing import split_headers
from yizhan.channels.email.proving.signatures import Seals, Signature, check, key_names

NAME = "s1._domainkey.customer.test"
KEYS = {NAME: RSA_RECORD}


def one(mail: bytes, key: str | None = RSA_RECORD) -> Signature:
    (found,) = check(mail, {NAME: key}).dkim
    return found


def test_a_signature_holds_whatever_the_line_ends_are() -> None:
    mail = signed()
    assert key_names(split_headers(mail, 0, len(mail))[0]) == (NAME,)
    assert one(mail) == Signature("customer.test", "pass")
    assert one(mail.replace(b"\r\n", b"\n")).result == "pass"
    assert one(b"Received: from a by b\r\n" + mail).result == "pass"
    assert one(signed(edwards=True), EDWARDS_RECORD).result == "pass"


@pytest.mark.parametrize(
    ("what", "by"),
    [(b"It leaks.", b"Pay here."), (b"Subject: leak", b"Subject: money"), (b"wang@customer", b"boss@customer")],
)
def test_whatever_was_signed_cannot_be_changed(what: bytes, by: bytes) -> None:
    assert one(signed().replace(what, by)).result == "fail"


def test_a_second_author_on_top_breaks_the_signature() -> None:
    assert one(b"From: boss@customer.test\r\n" + signed()).result == "fail"


@pytest.mark.parametrize(
    ("key", "result"),
    [
        (None, "temperror"),
        ("", "permerror"),
        ("v=DKIM1; p=", "permerror"),
        ("nonsense", "permerror"),
        (f"{RSA_RECORD}; t=y", "none"),
        (f"{RSA_RECORD}; t=s", "pass"),
        (RSA_RECORD[:-60], "permerror"),
    ],
)
def test_keys_that_are_not_what_they_should_be(key: str | None, result: str) -> None:
    found = one(signed(), key).result
    assert found == result or (result == "permerror" and found == "fail")


def test_who_leaves_the_end_open_has_signed_only_a_part() -> None:
    mail = signed(cut=True)
    assert one(mail + b"and more\r\n") == Signature("customer.test", "pass", weak=True)


def test_a_signature_that_does_not_cover_the_author_is_none() -> None:
    stripped = signed().replace(b"h=from : to", b"h=to").replace(b"h=From : To", b"h=to")
    assert one(stripped).result == "permerror"
    assert one(signed().replace(b"a=rsa-sha256", b"a=rsa-sha1")).result == "permerror"


def test_only_five_are_looked_at() -> None:
    mail = signed()
    header = mail[: mail.index(b"From: ")]
    assert len(check(header * 9 + mail, KEYS).dkim) == 5


def test_a_chain_of_seals() -> None:
    mail = sealed(RESULTS + PLAIN, "lists.test", "lists.test")
    keys = {"seal._domainkey.lists.test": RSA_RECORD}
    assert key_names(split_headers(mail, 0, len(mail))[0]) == tuple(keys)
    found = check(mail, keys).arc
    assert (found.result, found.sealer) == ("pass", "lists.test")
    assert "dmarc=pass" in found.claims
    assert check(mail.replace(b"It leaks.", b"Pay here."), keys).arc.result == "fail"
    assert check(mail.replace(b"dmarc=pass", b"dmarc=fail", 1), keys).arc.result != "pass"
    assert check(mail, dict.fromkeys(keys)).arc == Seals("temperror")
    assert check(PLAIN, {}).arc == Seals()


def test_a_header_made_to_be_slow_is_not_read() -> None:
    slow = b"DKIM-Signature: v=1; a=rsa-sha256; d=customer.test; s=s1; h=from; bh=x; b" + b" \r\n" * 40_000 + b" =x\r\n"
    assert check(slow + PLAIN, KEYS).dkim == ()


@pytest.mark.parametrize("name", names())
def test_no_mail_of_the_corpus_breaks_it(name: str) -> None:
    headers, _ = split_headers(raw(name), 0, len(raw(name)))
    check(raw(name), dict.fromkeys(key_names(headers), RSA_RECORD))


@given(st.binary(max_size=400))
def test_nothing_in_a_signature_breaks_it(noise: bytes) -> None:
    line = noise.replace(b"\n", b"")
    mail = b"DKIM-Signature: " + line + b"\r\nARC-Seal: i=1; " + line + b"\r\n" + PLAIN
    headers, _ = split_headers(mail, 0, len(mail))
    assert all(found.result != "pass" for found in check(mail, dict.fromkeys(key_names(headers), RSA_RECORD)).dkim)
