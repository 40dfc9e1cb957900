import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yizhan.channels.email import (
    Address,
    Automatic,
    File,
    OutgoingMail,
    UnsafeAddress,
    own_message_id,
    parse,
    render,
    reply_references,
    reply_subject,
)

NOW = datetime(2024, 10, 21, 12, 0, tzinfo=UTC)
CONVERSATION = UUID("0192a5b0-0000-7000-8000-00000000c0de")
OWN_ID = own_message_id(CONVERSATION, b"12345678", "Shop.example")
NO_FILES: tuple[File, ...] = ()


def outgoing(
    subject: str = "您好",
    text: str = "您好，退款已受理。\n",
    html: str = "",
    files: tuple[File, ...] = NO_FILES,
    to: tuple[Address, ...] = (Address("王晓燕", "wang@example.cn"),),
    automatic: Automatic = Automatic.NO,
    references: tuple[str, ...] = (),
) -> OutgoingMail:
    return OutgoingMail(
        from_=Address("驿站客服", "support@shop.example"),
        to=to,
        subject=subject,
        text=text,
        html=html,
        files=files,
        message_id=OWN_ID,
        date=NOW,
        envelope_from="bounce+x@shop.example",
        reply_to="support+cabc.def@shop.example",
        in_reply_to=references[-1] if references else "",
        references=references,
        automatic=automatic,
    )


def read(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def text_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_a_plain_reply() -> None:
    rendered = render(outgoing(references=("a@x", "b@x")))
    message = read(rendered.content)
    assert message["subject"] == "您好"
    assert message["from"] == "驿站客服 <support@shop.example>"
    assert message["message-id"] == f"<{OWN_ID}>"
    assert message["in-reply-to"] == "<b@x>"
    assert message["references"].split() == ["<a@x>", "<b@x>"]
    assert message["reply-to"] == "support+cabc.def@shop.example"
    assert text_of(message, "plain").replace("\r\n", "\n") == "您好，退款已受理。\n"
    assert rendered.recipients == ("wang@example.cn",)
    assert rendered.envelope_from == "bounce+x@shop.example"
    assert OWN_ID.endswith("@shop.example")
    assert OWN_ID.startswith("conv.")


def test_html_with_pictures_and_attachments_has_the_classic_structure() -> None:
    files = (
        File("图.png", "image/png", b"\x89PNG", "p1@shop.example"),
        File("发票 2024.pdf", "application/pdf", bytes(range(256)) * 40),
        File("x.eml", "message/rfc822", b"From: a@b\n\nx"),
    )
    message = read(render(outgoing(html='<p>好</p><img src="cid:p1@shop.example">', files=files)).content)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/related",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "image/png",
        "application/pdf",
        "application/octet-stream",
    ]
    attached = list(message.iter_attachments())
    assert attached[-2].get_filename() == "发票 2024.pdf"
    assert attached[-2].get_content() == bytes(range(256)) * 40


def test_our_own_parser_reads_it_back() -> None:
    files = (File("很长的文件名" * 15 + ".pdf", "application/pdf", b"%PDF"), File('a"b;c.txt', "text/plain", b"1"))
    parsed = parse(render(outgoing(html="<p>好</p>", files=files)).content)
    assert [one.name for one in parsed.attachments] == ["很长的文件名" * 15 + ".pdf", "a'b;c.txt"]
    assert parsed.text == "您好，退款已受理。"
    assert parsed.html == "<p>好</p>"
    assert not parsed.defects


def test_old_clients_find_an_encoded_word() -> None:
    content = render(outgoing(files=(File("发票.pdf", "application/pdf", b"x"),))).content
    assert b'name="=?utf-8?B?' in content
    assert b"filename*=UTF-8''%E5%8F%91%E7%A5%A8.pdf" in content


def test_automatic_mail_says_so() -> None:
    acknowledgement = read(render(outgoing(automatic=Automatic.REPLIED)).content)
    assert acknowledgement["auto-submitted"] == "auto-replied"
    assert acknowledgement["x-auto-response-suppress"] == "All"
    assert acknowledgement["precedence"] is None
    assert acknowledgement["x-yizhan-loop"]
    notice = read(render(outgoing(automatic=Automatic.GENERATED)).content)
    assert notice["precedence"] == "bulk"
    assert parse(render(outgoing(automatic=Automatic.REPLIED)).content).loop
    assert read(render(outgoing()).content)["auto-submitted"] is None


HOSTILE = st.text(max_size=200) | st.sampled_from(["a\r\nBcc: v@x.cn", "\n\nbody", "=?utf-8?Q?x?=", "\ud800", "\x00"])


@settings(max_examples=150, deadline=None)
@given(subject=HOSTILE, name=HOSTILE, file_name=HOSTILE, text=HOSTILE, html=HOSTILE)
def test_no_value_reaches_a_header_of_its_own(subject: str, name: str, file_name: str, text: str, html: str) -> None:
    files = (File(file_name, "application/pdf", b"x", "c1@x"), File(file_name, "text/plain\r\nX: y", b"y"))
    content = render(outgoing(subject, text, html, files, to=(Address(name, "wang@example.cn"),))).content
    message = message_from_bytes(content, policy=policy.compat32)
    allowed = {"message-id", "date", "from", "to", "reply-to", "subject", "mime-version", "content-type"}
    assert {key.lower() for key in message.keys()} <= allowed  # noqa: SIM118 - a message iterates over other things
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", content) is None
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert content.isascii()


@given(st.text(max_size=300))
def test_any_subject_comes_back(subject: str) -> None:
    kept = re.sub(r"[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]+", " ", subject).strip()
    assert parse(render(outgoing(subject)).content).subject.split() == kept.replace("\x7f", " ").split()


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=2000))
def test_any_text_comes_back(text: str) -> None:
    part = read(render(outgoing(text=text)).content).get_body(("plain",))
    payload = part.get_payload(decode=True) if part is not None else None
    assert isinstance(payload, bytes)
    assert payload.decode("utf-8").replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b.cn\r\nRCPT TO:<v@x.cn>", "a b@c.cn", "<a@b.cn>", "a@b@c.cn", 'a"@b.cn', "a@b.cn\n"]
)
def test_addresses_that_could_break_out_are_refused(address: str) -> None:
    if address == "a@b.cn\n":
        assert render(outgoing(to=(Address("", address),))).recipients == ("a@b.cn",)
        return
    with pytest.raises(UnsafeAddress):
        render(outgoing(to=(Address("", address),)))


def test_international_domains_are_written_in_ascii() -> None:
    rendered = render(outgoing(to=(Address("", "user@例子.测试"),)))
    assert rendered.recipients == ("user@xn--fsqu00a.xn--0zwm56d",)
    assert not rendered.smtputf8
    assert render(outgoing(to=(Address("", "用户@example.cn"),))).smtputf8


def test_references_keep_the_first_and_the_latest() -> None:
    chain = [f"{number}@x" for number in range(40)]
    capped = reply_references("parent@x", chain)
    assert len(capped) == 20
    assert (capped[0], capped[-1], capped[-2]) == ("0@x", "parent@x", "39@x")
    assert reply_references("a@x", ["a@x"]) == ("a@x",)


def test_reply_subject() -> None:
    assert reply_subject("订单") == "Re: 订单"
    assert reply_subject("RE：订单") == "RE：订单"
