import asyncio
import os
import stat
from pathlib import Path

import pytest

from tests.channels.email.samples import raw
from yizhan.channels.email.spool import Spool, Spooled, SpoolFull, SpoolLimits, drain
from yizhan.foundation.errors import Invalid, NotFound, TooLarge


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    spool = Spool(tmp_path, "support", SpoolLimits(mail_bytes=10_000, waiting=5, waiting_bytes=20_000))
    spool.open()
    return spool


async def drained(spool: Spool) -> list[Spooled]:
    taken: list[Spooled] = []

    async def take(mail: Spooled) -> None:
        await asyncio.sleep(0)
        taken.append(mail)

    assert await drain(spool, take, batch=2) == len(taken)
    return taken


async def test_what_is_delivered_is_taken_in_once_and_in_order(spool: Spool) -> None:
    for number in (2, 1, 3):
        spool.deliver(f"Subject: {number}\n\nx".encode(), f"{number:03}")
    assert [mail.name for mail in await drained(spool)] == ["001", "002", "003"]
    assert await drained(spool) == []


def test_files_are_for_the_group_and_whole(spool: Spool, tmp_path: Path) -> None:
    path = spool.deliver(raw("plain_gbk"), "a")
    assert path.read_bytes() == raw("plain_gbk")
    assert stat.S_IMODE(path.stat().st_mode) == 0o660
    assert path.parent.stat().st_mode & stat.S_ISGID
    assert list((tmp_path / "support" / "tmp").iterdir()) == []


def test_several_are_delivered_together_or_not_at_all(spool: Spool) -> None:
    assert [path.stem for path in spool.deliver_all([(b"x", "1"), (b"y", "2")])] == ["1", "2"]
    with pytest.raises(SpoolFull):
        spool.deliver_all([(b"z", str(n)) for n in range(3, 7)])
    with pytest.raises(Invalid):
        spool.deliver_all([(b"z", "3"), (b" ", "4")])
    assert [path.stem for path in spool.waiting()] == ["1", "2"]


def test_bounds(spool: Spool, tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        spool.deliver(b"x" * 10_001, "big")
    with pytest.raises(Invalid):
        spool.deliver(b" \n", "empty")
    for number in range(5):
        spool.deliver(b"x" * 100, f"{number}")
    with pytest.raises(SpoolFull):
        spool.deliver(b"x", "sixth")
    by_bytes = Spool(tmp_path, "other", SpoolLimits(mail_bytes=10_000, waiting=50, waiting_bytes=20_000))
    by_bytes.open()
    by_bytes.deliver(b"x" * 9_000, "1")
    by_bytes.deliver(b"x" * 9_000, "2")
    with pytest.raises(SpoolFull):
        by_bytes.deliver(b"x" * 9_000, "3")


@pytest.mark.parametrize("name", ["", "..", "../up", "a/b", "A", ".hidden", "x" * 65])
def test_names_stay_inside_the_spool(tmp_path: Path, name: str) -> None:
    with pytest.raises(Invalid):
        Spool(tmp_path, name)


def test_only_an_inbox_that_was_opened_accepts(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        Spool(tmp_path, "nobody").deliver(b"x", "1")


async def test_a_failure_keeps_its_mail_and_ends_the_pass(spool: Spool, tmp_path: Path) -> None:
    roomy = Spool(tmp_path, "support", SpoolLimits(waiting=100))
    names = [f"{n:02}" for n in range(20)]
    roomy.deliver_all([(b"x", name) for name in names])

    async def take(mail: Spooled) -> None:
        await asyncio.sleep(0)
        if mail.name == "01":
            raise ConnectionError("database away")

    with pytest.raises(ConnectionError):
        await drain(roomy, take, batch=2)
    assert [path.stem for path in roomy.waiting()] == ["01", *names[12:]]  # five batches behind were on their way


async def test_a_planted_link_is_not_followed(spool: Spool, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("key")
    os.symlink(tmp_path / "secret", tmp_path / "support" / "new" / "trap.eml")
    spool.deliver(b"x", "good")
    assert [mail.name for mail in await drained(spool)] == ["good"]
    assert (tmp_path / "support" / "held" / "trap.eml").is_symlink()


def test_the_position_of_an_import_is_remembered(spool: Spool) -> None:
    assert spool.remembered("a.mbox") == ""
    spool.remember("a.mbox", "123")
    assert spool.remembered("a.mbox") == "123"
    assert spool.remembered("b.mbox") == ""
