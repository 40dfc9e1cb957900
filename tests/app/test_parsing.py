"""Large mails are read elsewhere; what kills the reader loses no mail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.channels.email.samples import CORPUS
from yizhan.app.parsing import Parser
from yizhan.channels.email import parse


@pytest.fixture
async def apart() -> AsyncIterator[Parser]:
    parser = Parser(large=0)
    yield parser
    await parser.close()


async def test_both_ways_read_the_same(apart: Parser) -> None:
    for path in sorted(CORPUS.glob("*.eml")):
        raw = path.read_bytes()
        here = await Parser().parse(raw)
        assert here == await apart.parse(raw) == parse(raw), path.name


async def test_many_at_once_do_not_mix(apart: Parser) -> None:
    mails = [f"Subject: {n}\n\nmail {n}".encode() for n in range(30)]
    read = await asyncio.gather(*(apart.parse(raw) for raw in mails))
    assert [one.subject for one in read] == [str(n) for n in range(30)]


async def test_a_reader_that_was_killed_costs_the_reading_but_not_the_mail(apart: Parser) -> None:
    raw = b"Subject: one\n\n" + b"x" * 3_000_000
    await apart.parse(raw)
    assert apart._process is not None
    apart._process.kill()
    await apart._process.wait()
    assert (await apart.parse(raw)).subject == "one"  # a new one is started


async def test_a_mail_that_takes_too_long_is_kept_unread_and_the_next_one_is_read() -> None:
    parser = Parser(large=0, seconds=0.001)
    raw = b"Subject: slow\n\nslow"
    slow = await parser.parse(raw)
    assert (slow.unsupported, slow.raw, slow.defects) == (True, raw, ("unread:parser",))
    patient = Parser(large=0)
    assert not (await patient.parse(raw)).unsupported
    await patient.close()


async def test_the_process_ends_after_idle_time() -> None:
    parser = Parser(large=0, idle=0.01)
    await parser.parse(b"Subject: a\n\nb")
    process = parser._process
    assert process is not None
    async with asyncio.timeout(20):
        await process.wait()
    assert (await parser.parse(b"Subject: c\n\nd")).subject == "c"
    await parser.close()
