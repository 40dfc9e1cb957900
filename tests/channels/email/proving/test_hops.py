from __future__ import annotations

import pytest

from yizhan.channels.email.parsing import split_headers
from yizhan.channels.email.proving.hops import boundary

LMTP = "from mx.shop.test by mx.shop.test with LMTP id 1 for <s@shop.test>; Mon, 2 Mar 2026"
POSTFIX = "from mail.customer.test (unknown [203.0.113.7]) by mx.shop.test (Postfix) with ESMTP id 2"
FORGED = "from mail.victim.test (mail.victim.test [198.51.100.9]) by mail.customer.test with ESMTP"


def found(*lines: str, relays: tuple[str, ...] = ()) -> tuple[str, str] | None:
    raw = "".join(f"Received: {line}\r\n" for line in lines).encode() + b"From: a@b.test\r\n\r\nx"
    hop = boundary(split_headers(raw, 0, len(raw))[0], relays)
    return None if hop is None else (str(hop.ip), hop.helo)


# Addresses of documentation are not public: real ones stand for them.
def public(line: str) -> str:
    return line.replace("203.0.113.7", "93.184.216.34").replace("198.51.100.9", "8.8.8.8")


@pytest.mark.parametrize(
    "line",
    [
        POSTFIX,
        "from mail.customer.test (HELO mail.customer.test) (203.0.113.7) by mx.shop.test with SMTP",
        "from mail.customer.test (203.0.113.7) by MX01.shop.test (10.0.0.4) with Microsoft SMTP Server",
        "from mail.customer.test (mail.customer.test. [203.0.113.7])\r\n\tby mx.google.com with ESMTPS id x",
        "from mail.customer.test ([203.0.113.7] helo=mail.customer.test) by mx.shop.test with esmtp (Exim 4.96)",
    ],
)
def test_the_host_our_server_spoke_with(line: str) -> None:
    assert found(public(LMTP), public(line), public(FORGED)) == ("93.184.216.34", "mail.customer.test")


def test_what_lies_behind_our_servers_is_never_read() -> None:
    assert found(LMTP, public(POSTFIX.replace("unknown [203.0.113.7]", "no address")), public(FORGED)) is None
    assert found(LMTP, POSTFIX.replace("203.0.113.7", "10.0.0.9"), public(FORGED)) is None
    assert found() is None


def test_a_name_that_holds_an_address_tells_nothing() -> None:
    assert found(public("from x([198.51.100.9]) (unknown [203.0.113.7]) by mx.shop.test with ESMTP")) == (
        "93.184.216.34", "x([8.8.8.8",
    )  # fmt: skip
    assert found(public("from x (a [198.51.100.9]) (unknown [203.0.113.7]) by mx.shop.test with ESMTP")) is None


def test_our_own_relays_are_passed_by() -> None:
    inner = "from edge.shop.test (edge.shop.test [10.0.0.9]) by mx.shop.test with ESMTP"
    assert found(LMTP, inner, public(POSTFIX), relays=("10.0.0.0/8",)) == ("93.184.216.34", "mail.customer.test")
    loop = "from localhost (localhost [127.0.0.1]) by mx.shop.test with ESMTP"
    assert found(loop, public(POSTFIX)) == ("93.184.216.34", "mail.customer.test")
