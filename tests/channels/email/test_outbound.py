"""A letter of the desk becomes a mail: what is enclosed, what is linked, what a machine may say."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from yizhan.channels.email import MailSecret, MailSender, MailSettings, Server, read_file, read_unsubscribe, render
from yizhan.channels.email.links import enclosed
from yizhan.channels.email.outbound import ensure_wanted, failure_of
from yizhan.channels.email.transport import ErrorClass as MailError
from yizhan.channels.email.transport import Refusal, SendResult, SendState
from yizhan.desk.outbound import ErrorClass, Letter, LetterFile, SendFailed
from yizhan.foundation.blobs import Blobs, open_blobs
from yizhan.foundation.crypto import Signer, Vault, new_keyring
from yizhan.records.outbox import Earlier

KEYS = new_keyring()
SIGNER = Signer(KEYS)
NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
MESSAGE, CONVERSATION = UUID(int=1 << 64), UUID(int=2 << 64)


class Opened:
    async def __call__(self) -> MailSecret:
        return MailSecret()

    def refused(self) -> None:
        return None


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return open_blobs(tmp_path.as_uri(), Vault(KEYS))


def sender(blobs: Blobs, url: str = "https://desk.test", **settings: Any) -> MailSender:
    return MailSender(MailSettings(address="support@shop.test", **settings), Opened(), SIGNER, blobs, url)


def letter(**more: Any) -> Letter:
    plain: dict[str, Any] = {
        "message_id": MESSAGE, "conversation_id": CONVERSATION, "ticket_id": None, "inbox_id": UUID(int=3),
        "attempt": 1, "at": NOW, "to": "wang@customer.test", "to_name": "王晓燕",
        "author": "agent:1", "author_name": "林一", "kind": "text", "text": "请查收附件。",
    }  # fmt: skip
    return Letter(**{**plain, **more})


async def test_files_that_do_not_fit_go_as_signed_links(blobs: Blobs) -> None:
    small, large = b"%PDF-1.7 small", b"%PDF-1.7" + bytes(3_000_000)
    files = [
        LetterFile((await blobs.put(content, "application/pdf")).hash, name, "application/pdf", size=len(content))
        for name, content in (("说明书.pdf", large), ("发票.pdf", small))
    ]
    whole = letter(files=tuple(files), html="<p>请查收附件。</p>")
    office = sender(blobs, attach_bytes=1_000_000)
    composed = office.compose(whole, *await office._files(whole))
    assert [one.name for one in composed.files] == ["发票.pdf"]
    (url,) = re.findall(r"https://\S+", composed.text)
    assert "说明书.pdf (2.9 MB)" in composed.text
    assert f'<a href="{url}">' in composed.html
    _, digest, token, _ = url.rsplit("/", 3)
    assert read_file(SIGNER, digest, token, NOW + timedelta(days=29)) == MESSAGE
    assert read_file(SIGNER, digest, token, NOW + timedelta(days=31)) is None
    assert read_file(SIGNER, files[1].hash, token, NOW) is None
    render(composed)

    plain = sender(blobs, "http://localhost:8000", attach_bytes=1_000_000)
    enclosed_all = plain.compose(whole, *await plain._files(whole))
    assert len(enclosed_all.files) == 2
    assert "http" not in enclosed_all.text


def test_files_are_enclosed_while_there_is_room() -> None:
    assert enclosed([5, 6, 4, 1], 10) == [True, False, True, True]
    assert enclosed([], 0) == []


def test_a_notice_can_be_left_and_an_answer_cannot(blobs: Blobs) -> None:
    notice = render(sender(blobs).compose(letter(author="system", kind="survey"))).content
    assert b"Auto-Submitted: auto-generated" in notice
    assert b"Precedence: bulk" in notice
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in notice
    found = re.search(rb"List-Unsubscribe: <https://desk.test/mail/unsubscribe/(\w+)>", notice)
    assert found
    assert read_unsubscribe(SIGNER, found[1].decode(), NOW) == MESSAGE
    told = render(sender(blobs).compose(letter(author="system", kind="acknowledgement"))).content
    assert b"Auto-Submitted: auto-replied" in told
    assert b"List-Unsubscribe" not in told
    assert b"Auto-Submitted" not in render(sender(blobs).compose(letter())).content


def test_no_machine_answers_a_machine() -> None:
    from_a_machine = Earlier("1@x", "in", {"no_auto_reply": ["list"]})
    with pytest.raises(SendFailed) as refusal:
        ensure_wanted(letter(author="system", earlier=(from_a_machine,)))
    assert refusal.value.error_class is ErrorClass.UNWANTED
    ours = Earlier("2@x", "out", {"no_auto_reply": ["list"]})
    ensure_wanted(letter(author="system", earlier=(ours, Earlier("3@x", "in", {"subject": "x"}))))


@pytest.mark.parametrize(
    ("status", "error_class", "words", "expected", "gone"),
    [
        ("5.1.1", MailError.RECIPIENT, "no such user", ErrorClass.RECIPIENT, True),
        ("5.2.2", MailError.RECIPIENT, "mailbox full", ErrorClass.TRANSIENT, False),
        ("5.2.1", MailError.RECIPIENT, "disabled", ErrorClass.RECIPIENT, False),
        ("5.7.1", MailError.CONTENT, "spam", ErrorClass.CONTENT, False),
    ],
)
def test_what_a_refusal_means(
    status: str, error_class: MailError, words: str, expected: ErrorClass, gone: bool
) -> None:
    failure = failure_of(SendResult(SendState.FAILED, words, (Refusal(error_class, words, 550, status),)), 1)
    assert (failure.error_class, failure.gone, failure.retry_after) == (expected, gone, None)


@pytest.mark.parametrize(
    ("host", "settings", "expected"),
    [
        ("smtp.office365.com", {}, [(30, 60), (10_000, 86_400)]),
        ("smtp.gmail.com", {}, [(2_000, 86_400)]),
        ("smtp.gmail.com", {"per_minute": 5, "per_day": 100}, [(5, 60), (100, 86_400)]),
        ("mail.shop.test", {}, []),
        ("notoffice365.com", {}, []),
    ],
)
def test_what_an_account_may_send(
    blobs: Blobs, host: str, settings: dict[str, Any], expected: list[tuple[int, int]]
) -> None:
    limits = sender(blobs, outgoing=Server(host, 587), **settings).limits
    assert [(one.most, int(one.span.total_seconds())) for one in limits] == expected
