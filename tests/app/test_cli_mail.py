import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from yizhan.app.cli_mail import mail, spool_folder, with_envelope
from yizhan.channels.email.spool import Exit, Spool, SpoolLimits

SAMPLES = Path(__file__).parents[1] / "channels" / "email" / "corpus"
MAIL = b"From: a@b.cn\nSubject: hi\n\nhello\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    Spool(tmp_path, "support").open()
    return tmp_path


def run(*arguments: str, given: bytes = b"") -> Result:
    return CliRunner().invoke(mail, list(arguments), input=given)


def deliver(root: Path, given: bytes, *more: str) -> Result:
    return run("deliver", "--inbox", "support", "--spool", str(root), *more, given=given)


def waiting(root: Path) -> list[bytes]:
    spool = Spool(root, "support")
    return [spool.read(path) for path in spool.waiting()]


def test_parse_prints_a_line_for_each_mail() -> None:
    done = run("parse", str(SAMPLES / "inline_cid.eml"), str(SAMPLES / "dsn_postfix.eml"))
    assert done.exit_code == 0
    shown, bounced = (json.loads(line) for line in done.stdout_bytes.splitlines())
    assert shown["from"] == {"name": "Ann", "email": "ann@example.com"}
    assert shown["subject"] == "图片看不清"
    assert shown["attachments"][0]["name"] == "photo.png"
    assert shown["attachments"][0]["type"] == "image/png"
    assert len(shown["attachments"][0]["sha256"]) == 64
    assert (shown["auto_reply"], shown["bounce"]) == (False, None)
    assert bounced["bounce"]["kind"] == "hard"
    assert bounced["bounce"]["recipients"][0]["address"] == "nobody@example.cn"


def test_deliver_puts_the_mail_and_its_envelope_into_the_spool(root: Path) -> None:
    done = deliver(root, b"From a Mon Oct 21 2024\n" + MAIL, "--sender", "", "--recipient", "support+c1@shop.test")
    assert done.exit_code == Exit.OK
    assert waiting(root) == [b"Return-Path: <>\nDelivered-To: support+c1@shop.test\n" + MAIL]


@pytest.mark.parametrize("address", ["x>\nBcc: v@w.cn", "a b@c.cn"])
def test_an_envelope_cannot_add_headers(address: str) -> None:
    assert with_envelope(MAIL, address, address) == MAIL


def test_exit_codes_are_those_an_mta_understands(root: Path) -> None:
    assert deliver(root, b"").exit_code == Exit.DATAERR
    assert run("deliver", "--inbox", "nobody", "--spool", str(root), given=MAIL).exit_code == Exit.NOUSER
    assert run("deliver", "--inbox", "../x", "--spool", str(root), given=MAIL).exit_code == Exit.NOUSER
    (root / "support" / "tmp").rmdir()
    assert deliver(root, MAIL).exit_code == Exit.TEMPFAIL


def test_too_large_is_refused_for_good(root: Path) -> None:
    done = deliver(root, b"From: a@b.cn\n\n" + bytes(50 * 1024 * 1024))
    assert done.exit_code == Exit.DATAERR
    assert waiting(root) == []


def test_an_inbox_is_found_by_the_name_people_gave_it(root: Path) -> None:
    Spool(root, "k3y").open("客服邮箱")
    for given, code in (("客服邮箱", Exit.OK), ("k3y", Exit.OK), ("客服", Exit.NOUSER)):
        assert run("deliver", "--inbox", given, "--spool", str(root), given=MAIL).exit_code == code
    assert len(list(Spool(root, "k3y").waiting())) == 2
    Spool(root, "other").open("客服邮箱")
    told = run("deliver", "--inbox", "客服邮箱", "--spool", str(root), given=MAIL)
    assert told.exit_code == Exit.NOUSER
    assert "k3y, other" in told.output
    Spool(root, "other").open("售后邮箱")  # it was renamed
    assert run("deliver", "--inbox", "客服邮箱", "--spool", str(root), given=MAIL).exit_code == Exit.OK


def test_many_deliveries_at_once_lose_nothing(root: Path) -> None:
    command = [sys.executable, "-c", "from yizhan.app.cli_mail import mail; mail()", "deliver", "--inbox", "support"]
    running = [
        subprocess.Popen([*command, "--spool", str(root)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        for _ in range(8)
    ]
    for number, one in enumerate(running):
        one.communicate(b"Subject: %d\n\nx" % number, timeout=60)
    assert [one.returncode for one in running] == [0] * 8
    assert len(set(waiting(root))) == 8


MBOX = b"".join(
    b"From a@b.cn Mon Oct 21 22:40:%02d 2024\nSubject: %d\n\n>From the start\nFrom here on\n\n" % (number, number)
    for number in range(3)
)


def test_an_mbox_comes_in_once_however_often_it_is_read(root: Path, tmp_path: Path) -> None:
    archive = tmp_path / "old.mbox"
    archive.write_bytes(MBOX)
    given = ("import", "--inbox", "support", "--spool", str(root), "--mbox", str(archive))
    assert "3 mails in" in run(*given).output
    assert [content.split(b"\n")[0] for content in sorted(waiting(root))] == [
        b"Subject: 0",
        b"Subject: 1",
        b"Subject: 2",
    ]
    assert b"\nFrom the start\nFrom here on\n" in waiting(root)[0]
    assert "0 mails in" in run(*given).output
    archive.write_bytes(MBOX + MBOX.replace(b"Subject: ", b"Subject: new ")[: len(MBOX) // 3 + 4])
    assert "1 mails in" in run(*given).output
    assert len(waiting(root)) == 4


def test_an_import_stops_at_a_full_spool_and_goes_on(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "old.mbox"
    archive.write_bytes(MBOX)
    for number in range(2):
        Spool(root, "support").deliver(b"x%d" % number, f"{number}")
    monkeypatch.setattr("yizhan.app.cli_mail.Spool", lambda where, inbox: Spool(where, inbox, SpoolLimits(waiting=3)))
    given = ("import", "--inbox", "support", "--spool", str(root), "--mbox", str(archive))
    assert run(*given).exit_code == Exit.TEMPFAIL
    assert len(waiting(root)) == 3
    for path in list(Spool(root, "support").waiting()):
        path.unlink()
    assert "2 mails in" in run(*given).output


def test_a_maildir(root: Path, tmp_path: Path) -> None:
    maildir = tmp_path / "Maildir"
    for name in ("new", "cur"):
        (maildir / name).mkdir(parents=True)
    (maildir / "cur" / "1.a:2,S").write_bytes(MAIL)
    (maildir / "new" / "2.b").write_bytes(MAIL.replace(b"hi", b"ho"))
    given = ("import", "--inbox", "support", "--spool", str(root), "--maildir", str(maildir))
    assert "2 mails in" in run(*given).output
    os.rename(maildir / "new" / "2.b", maildir / "cur" / "2.b:2,S")
    assert "0 mails in" in run(*given).output


def test_import_wants_one_source(root: Path) -> None:
    assert run("import", "--inbox", "support", "--spool", str(root)).exit_code == 2


def test_the_spool_is_found_without_settings() -> None:
    assert spool_folder({"YIZHAN_SPOOL": "/var/spool/yizhan"}) == Path("/var/spool/yizhan")
    assert spool_folder({"YIZHAN_DATA": "/srv/yizhan"}) == Path("/srv/yizhan/spool/mail")
