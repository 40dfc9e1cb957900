from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.channels.email.samples import mail, raw
from yizhan.channels.email import (
    Address,
    Recent,
    auto_reply_recipient,
    bounce_address,
    by_server,
    dedupe_key,
    find_ticket_tag,
    gone,
    is_gone,
    may_auto_reply,
    may_join,
    parse,
    reference_hash,
    reference_order,
    reply_address,
    thread_hint,
    ticket_tag,
)
from yizhan.channels.email.policy import conversation_of_own_id
from yizhan.foundation.crypto import Signer, new_keyring

NOW = datetime(2024, 10, 21, 12, 0, tzinfo=UTC)
SIGNER = Signer(new_keyring())
CONVERSATION = UUID("0192a5b0-0000-7000-8000-00000000c0de")
OUTBOUND = UUID("0192a5b0-0000-7000-8000-0000000000b0")
OWN = ["shop.example"]
NOTHING = Recent()


def test_a_signed_reply_address_leads_to_its_conversation() -> None:
    address = reply_address("support@shop.example", CONVERSATION, SIGNER)
    assert len(address.partition("@")[0]) <= 64
    for written in (address, address.upper()):
        assert thread_hint(parse(f"To: {written}\n\nx".encode()), OWN, SIGNER).conversation_id == CONVERSATION
    delivered = parse(f"To: list@other.example\nX-Original-To: {address}\n\nx".encode())
    assert thread_hint(delivered, OWN, SIGNER).conversation_id == CONVERSATION


def test_a_forged_or_foreign_token_leads_nowhere() -> None:
    hint = thread_hint(mail("forged_in_reply_to"), OWN, SIGNER)
    assert (hint.conversation_id, hint.forged_token, hint.ticket_number) == (None, True, None)
    address = reply_address("support@elsewhere.example", CONVERSATION, SIGNER)
    foreign = thread_hint(parse(f"To: {address}\n\nx".encode()), OWN, SIGNER)
    assert (foreign.conversation_id, foreign.forged_token) == (None, False)
    outbound = bounce_address("support@shop.example", OUTBOUND, SIGNER)
    swapped = outbound.replace("+b", "+c")
    assert thread_hint(parse(f"To: {swapped}\n\nx".encode()), OWN, SIGNER).conversation_id is None


def test_a_long_local_part_goes_without_a_token() -> None:
    address = f"{'very-long-name-' * 3}@shop.example"
    assert reply_address(address, CONVERSATION, SIGNER) == address


def test_references_are_ordered_from_the_nearest() -> None:
    parsed = parse(b"Message-ID: <me@x>\nIn-Reply-To: <p@x>\nReferences: <a@x> <b@x> <p@x> <me@x>\n\nx")
    assert reference_order(parsed) == ("p@x", "b@x", "a@x")
    assert reference_order(mail("dsn_exchange"))[0] == "conv.x1@shop.example"


def test_the_hash_of_an_id_knows_no_brackets() -> None:
    assert reference_hash("<a@x>") == reference_hash("a@x")
    assert len(reference_hash("a@x")) == 16


@given(st.integers(1, 10**12))
def test_ticket_tags_come_back(number: int) -> None:
    assert find_ticket_tag(f"Re: {ticket_tag(number)} 退款") == number


@given(st.integers(100_000, 999_999), st.integers(0, 5), st.integers(1, 9))
def test_one_wrong_digit_finds_no_ticket(number: int, place: int, off: int) -> None:
    digits = list(str(number))
    digits[place] = str((int(digits[place]) + off) % 10)
    wrong = ticket_tag(number).replace(f"#{number}-", f"#{''.join(digits)}-")
    assert find_ticket_tag(wrong) is None


def test_neighbouring_digits_swapped_find_no_ticket() -> None:
    assert find_ticket_tag(ticket_tag(208012).replace("208012", "208021")) is None


def test_our_own_message_id_names_its_conversation() -> None:
    own = "conv.agjklmaaaabqbaaaaaaaaaagya.mfrggzdf@shop.example"
    assert conversation_of_own_id(f"<{own}>", OWN) == "agjklmaaaabqbaaaaaaaaaagya"
    assert conversation_of_own_id(own, ["other.example"]) is None


@pytest.mark.parametrize("name", ["dsn_postfix", "ooo_outlook_zh", "mailing_list", "own_loop", "empty", "read_receipt"])
def test_machines_are_not_answered(name: str) -> None:
    assert not may_auto_reply(mail(name), ["support@shop.example"], NOTHING, NOW).allowed


@pytest.mark.parametrize("name", ["plain_gbk", "holiday_question", "missing_message_id", "rtl_emoji_name"])
def test_people_are_answered(name: str) -> None:
    assert may_auto_reply(mail(name), ["support@shop.example"], NOTHING, NOW).allowed


HEADERS = [
    "Auto-Submitted: auto-generated",
    "Auto-Submitted: auto-replied; owner-email=x",
    "Precedence: bulk",
    "Precedence: junk",
    "X-Auto-Response-Suppress: DR, OOF",
    "X-Auto-Response-Suppress: All",
    "X-Autoreply: yes",
    "X-Autorespond: yes",
    "X-Auto-Reply-From: a@b",
    "List-Unsubscribe: <mailto:x@y>",
    "Return-Path: <>",
    "X-Yizhan-Loop: yizhan",
    "Subject: 自动回复：您好",
    "Subject: Out of Office: back on Monday",
    "Subject: 假期: 十月八日回来",
    "Content-Type: multipart/report; boundary=x",
]


@pytest.mark.parametrize("header", HEADERS)
def test_every_mark_of_a_machine_counts(header: str) -> None:
    parsed = parse(f"From: ann@example.cn\n{header}\n\nhello".encode())
    assert not may_auto_reply(parsed, [], NOTHING, NOW).allowed


@pytest.mark.parametrize("header", ["Auto-Submitted: no", "Precedence: normal", "X-Auto-Response-Suppress: DR"])
def test_marks_that_mean_nothing(header: str) -> None:
    assert may_auto_reply(parse(f"From: ann@example.cn\n{header}\n\nx".encode()), [], NOTHING, NOW).allowed


@pytest.mark.parametrize(
    "sender",
    ["MAILER-DAEMON@x.cn", "no-reply@x.cn", "noreply+tag@x.cn", "donotreply@x.cn", "postmaster@x.cn", "bounces-1@x.cn"],
)
def test_robots_are_known_by_their_names(sender: str) -> None:
    assert "robot" in may_auto_reply(parse(f"From: {sender}\n\nx".encode()), [], NOTHING, NOW).reasons


def test_we_do_not_talk_to_ourselves() -> None:
    parsed = parse(b"From: Support+tag@shop.example\n\nx")
    assert may_auto_reply(parsed, ["support@SHOP.example"], NOTHING, NOW).reasons == ("own-address",)


def test_one_answer_a_day_and_a_breaker() -> None:
    parsed = mail("plain_gbk")
    lately = Recent(last_auto_reply=NOW - timedelta(hours=23))
    assert may_auto_reply(parsed, [], lately, NOW).reasons == ("rate",)
    assert may_auto_reply(parsed, [], Recent(last_auto_reply=NOW - timedelta(hours=24)), NOW).allowed
    burst = Recent(inbound=[NOW - timedelta(minutes=minute) for minute in range(6)])
    assert may_auto_reply(parsed, [], burst, NOW).breaker
    slow = Recent(inbound=[NOW - timedelta(minutes=3 * minute) for minute in range(6)])
    assert may_auto_reply(parsed, [], slow, NOW).allowed


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ("From: a@x.cn", "a@x.cn"),
        ("From: a@x.cn\nReply-To: b@y.cn", "b@y.cn"),
        ("From: a@x.cn\nReply-To: b@y.cn\nReturn-Path: <bounce@x.cn>", "bounce@x.cn"),
        ("From: a@x.cn\nReturn-Path: <a+v@x.cn>", "a@x.cn"),
        ("From: a@x.cn\nReturn-Path: <>", None),
        ("Subject: nobody", None),
    ],
)
def test_who_gets_an_automatic_answer(headers: str, expected: str | None) -> None:
    assert auto_reply_recipient(parse(f"{headers}\n\nx".encode())) == expected


def test_only_a_token_or_a_participant_joins() -> None:
    forged = mail("forged_in_reply_to")
    hint = thread_hint(forged, OWN, SIGNER)
    assert not may_join(forged, hint, ["victim@example.cn"])
    assert may_join(forged, hint, ["Mallory@evil.example"])
    address = reply_address("support@shop.example", CONVERSATION, SIGNER)
    signed = parse(f"From: other@example.cn\nTo: {address}\n\nx".encode())
    assert may_join(signed, thread_hint(signed, OWN, SIGNER), [])


def test_only_an_address_that_does_not_exist_is_given_up() -> None:
    dead = mail("dsn_postfix").bounce
    assert dead is not None
    assert gone(dead)
    for name in ("dsn_exchange", "delayed_dsn"):
        other = mail(name).bounce
        assert other is not None
        assert not gone(other)


@pytest.mark.parametrize(
    ("status", "words", "expected"),
    [
        ("5.1.1", "", True),
        ("5.1.10", "RESOLVER.ADR.RecipientNotFound", True),
        ("5.2.2", "mailbox full", False),
        ("5.7.1", "user unknown to our policy", False),
        ("5.0.0", "550 No such user", True),
        ("", "收件人不存在", True),
        ("5.4.1", "Recipient address rejected: Access denied", False),
        ("5.1.2", "domain does not exist", True),
        ("5.3.0", "try elsewhere", False),
    ],
)
def test_what_says_that_an_address_is_gone(status: str, words: str, expected: bool) -> None:
    assert is_gone(status, words) is expected


def test_authentication_is_believed_only_from_our_own_host_and_its_topmost_line() -> None:
    parsed = mail("forged_in_reply_to")
    own = by_server(parsed, ["MX.shop.example"])
    assert own is not None
    assert (own.spf, own.dmarc, own.failed) == ("softfail", "fail", True)
    assert by_server(parsed, []) is None
    believed = by_server(parsed, ["mx.evil.example"])
    assert believed is not None
    assert (believed.dmarc, believed.passed) == ("pass", False)  # it speaks of another domain than the author's


def test_dedupe_tells_reused_ids_apart_and_deliveries_together() -> None:
    first, second = mail("duplicate_message_id_1"), mail("duplicate_message_id_2")
    assert first.message_id == second.message_id
    assert dedupe_key(CONVERSATION, first) != dedupe_key(CONVERSATION, second)
    assert dedupe_key(CONVERSATION, first) == dedupe_key(CONVERSATION, parse(first.raw))
    assert dedupe_key(OUTBOUND, first) != dedupe_key(CONVERSATION, first)
    assert len(dedupe_key(CONVERSATION, first)) == 16


def test_an_address_compares_without_case() -> None:
    assert Address("", "Ann@x.cn").key == "ann@x.cn"


def test_one_mail_by_two_ways_is_one_and_two_equal_lines_of_a_device_are_two() -> None:
    content = raw("plain_gbk")
    spooled = b"Return-Path: <a@b.cn>\n" + content.replace(b"\r\n", b"\n")
    assert dedupe_key(CONVERSATION, parse(content)) == dedupe_key(CONVERSATION, parse(spooled))
    device = b"From: fax@device.example\nReceived: %d\n\npaper jam\n"
    assert dedupe_key(CONVERSATION, parse(device % 1)) != dedupe_key(CONVERSATION, parse(device % 2))
