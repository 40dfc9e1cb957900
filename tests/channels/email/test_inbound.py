from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from tests.channels.email.samples import mail, names, raw
from yizhan.channels.email import (
    MailInbox,
    MailSettings,
    SenderProof,
    Verdict,
    by_server,
    keep_files,
    parse,
    reference_hash,
    reply_address,
    suggest,
    ticket_tag,
    to_inbound,
)
from yizhan.foundation.blobs import open_blobs
from yizhan.foundation.crypto import Signer, Vault, new_keyring

NOW = datetime(2024, 10, 22, 8, 0, tzinfo=UTC)
KEYS = new_keyring()
NOTHING = SenderProof()
SIGNER = Signer(KEYS)
CONVERSATION = UUID("0192a5b0-0000-7000-8000-00000000c0de")
INBOX = MailInbox(
    UUID("0192a5b0-0000-7000-8000-000000000001"),
    MailSettings(address="support@shop.example", authserv_ids=("mx.shop.example",)),
)


@pytest.mark.parametrize("name", names())
def test_every_mail_becomes_a_message(name: str) -> None:
    parsed = mail(name)
    message = to_inbound(parsed, INBOX, NOW, signer=SIGNER, proof=NOTHING)
    assert message.kind == ("unsupported" if parsed.unsupported else "text")
    assert len(message.dedupe) == 16
    assert message.sender.value
    assert message.at == NOW
    assert message.raw == parsed.raw_sha256


def test_what_the_desk_learns_from_a_reply() -> None:
    address = reply_address("support@shop.example", CONVERSATION, SIGNER)
    content = raw("qq_reply_quoted").replace(b"To: support@shop.example", f"To: {address}".encode())
    message = to_inbound(parse(content), INBOX, NOW, signer=SIGNER, proof=NOTHING)
    assert message.sender.kind == "email"
    assert message.sender.value == "987654321@qq.com"
    assert message.sender.masked != message.sender.value
    assert message.name == "赵敏"
    assert message.text.strip() == "收到了，谢谢，但是金额不对，应该是 299 元。"
    assert message.quoted is not None
    assert message.reply_conversation == CONVERSATION
    assert message.references == (reference_hash("conv.abc@shop.example"), reference_hash("first@example.cn"))
    assert message.own_reference == reference_hash("tencent_reply@qq.com")
    assert message.keep_dedupe
    assert not message.automatic


def test_a_ticket_number_in_the_subject() -> None:
    parsed = parse(f"From: a@b.cn\nSubject: Re: {ticket_tag(208000)} x\n\nx".encode())
    assert to_inbound(parsed, INBOX, NOW, signer=SIGNER, proof=NOTHING).ticket_number == 208000


def test_machines_are_marked_and_forgers_are_not_vouched_for() -> None:
    assert to_inbound(mail("ooo_outlook_zh"), INBOX, NOW, signer=SIGNER, proof=NOTHING).automatic
    assert to_inbound(mail("dsn_postfix"), INBOX, NOW, signer=SIGNER, proof=NOTHING).automatic
    proof = by_server(mail("forged_in_reply_to"), INBOX.settings.authserv_ids)
    assert proof is not None
    forged = to_inbound(mail("forged_in_reply_to"), INBOX, NOW, signer=SIGNER, proof=proof)
    assert not forged.sender.authenticated
    assert forged.reply_conversation is None
    assert forged.payload is not None
    assert forged.payload["forged_token"] is True
    assert (forged.payload["proof"]["dmarc"], forged.payload["proof"]["verdict"]) == ("fail", "failed")


def test_a_sender_our_host_vouches_for() -> None:
    head = b"Authentication-Results: mx.shop.example; dmarc=pass header.from=b.cn\nFrom: a@b.cn\n\nx"
    parsed = parse(head)
    proof = by_server(parsed, INBOX.settings.authserv_ids)
    assert proof is not None
    assert (proof.verdict, proof.domain, proof.by) == (Verdict.PASSED, "b.cn", "server")
    assert to_inbound(parsed, INBOX, NOW, signer=SIGNER, proof=proof).sender.authenticated
    assert not to_inbound(parsed, INBOX, NOW, signer=SIGNER, proof=NOTHING).sender.authenticated


def test_an_import_keeps_its_own_time_and_disturbs_nobody() -> None:
    message = to_inbound(mail("plain_gbk"), INBOX, NOW, signer=SIGNER, proof=NOTHING, imported=True)
    assert message.at == datetime(2024, 10, 14, 1, 12, 33, tzinfo=UTC)
    assert message.received_at == NOW
    assert message.automatic
    future = parse(b"From: a@b.cn\nDate: Mon, 21 Oct 2030 08:00:00 +0000\n\nx")
    assert to_inbound(future, INBOX, NOW, signer=SIGNER, proof=NOTHING, imported=True).at == NOW


async def test_files_are_kept_before_the_message(tmp_path: Path) -> None:
    blobs = open_blobs(tmp_path.as_uri(), Vault(KEYS))
    parsed = mail("inline_cid")
    await keep_files(parsed, blobs)
    message = to_inbound(parsed, INBOX, NOW, signer=SIGNER, proof=NOTHING)
    assert await blobs.get(message.raw or "") == parsed.raw
    for kept, one in zip(message.attachments, parsed.attachments, strict=True):
        assert await blobs.get(kept.hash) == one.content
    assert (message.attachments[0].inline, message.attachments[0].cid) == (True, "photo1@example.com")


@pytest.mark.parametrize(
    ("address", "host", "plus"),
    [
        ("me@qq.com", "imap.qq.com", False),
        ("me@163.com", "imap.163.com", False),
        ("me@gmail.com", "imap.gmail.com", True),
    ],
)
def test_known_providers_are_filled_in(address: str, host: str, plus: bool) -> None:
    found = suggest(address)
    assert found is not None
    assert found.incoming is not None
    assert (found.incoming.host, found.plus_addressing) == (host, plus)
    assert suggest("me@unknown.example") is None
