"""The journal over NATS: two houses on one database, and nothing lost when packets are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import pytest

from tests.foundation.bus.test_nats import Server
from tests.foundation.journal.entries import event, write
from yizhan.app.house import House, Part, living, open_house
from yizhan.app.pump import Packet, packets
from yizhan.app.settings import load_settings
from yizhan.foundation.bus import MAX_PAYLOAD
from yizhan.foundation.journal import Entry

SOON = 0.6  # seconds; the poll that is the net comes after one


@pytest.fixture
async def nats() -> AsyncIterator[Server]:
    server = Server()
    await server.start()
    yield server
    await server.stop()


class Heard:
    """What the feed of a house tells of our things, in order; a house has events of its own at the start."""

    def __init__(self, house: House) -> None:
        self.positions: list[int] = []
        self._more = asyncio.Event()
        house.feed.listen(self._hear)

    async def _hear(self, entries: Sequence[Entry]) -> None:
        self.positions += [entry.pos for entry in entries if entry.kind == "thing.changed"]
        self._more.set()

    async def until(self, count: int, seconds: float) -> None:
        async with asyncio.timeout(seconds):
            while len(self.positions) < count:
                self._more.clear()
                await self._more.wait()


@asynccontextmanager
async def node(part: Part, url: str, dsn: str, home: Path) -> AsyncIterator[House]:
    env = {"YIZHAN_DATA": str(home), "YIZHAN_DATABASE_URL": dsn, "YIZHAN_BUS_URL": url}
    async with open_house(load_settings(env), dsn, parts=frozenset({part})) as house, living(house):
        yield house


async def test_a_node_hears_at_once_and_survives_the_loss_of_nats(db_dsn: str, tmp_path: Path, nats: Server) -> None:
    async with (
        node(Part.ROUTER, nats.url, db_dsn, tmp_path) as router, node(Part.WEB, nats.url, db_dsn, tmp_path) as web,
    ):  # fmt: skip
        heard = Heard(web)
        await write(web.db, [event(uuid4(), 1)])
        await heard.until(1, 10)  # the first connections are made
        await write(web.db, [event(uuid4(), 1)])
        await heard.until(2, SOON)
        await write(router.db, [event(uuid4(), n) for n in range(1, 199)])
        await heard.until(200, SOON)
        await nats.stop()
        await write(web.db, [event(uuid4(), n) for n in range(1, 101)])
        await heard.until(300, 10)
        assert heard.positions == sorted(set(heard.positions)), "each once and in order"


def test_packets_fit_a_signal_and_hold_the_entries_as_they_are() -> None:
    many = [entry(n) for n in range(1, 121)]
    many[5] = entry(6, data={"too": "x" * MAX_PAYLOAD})
    sent = list(packets(3, many))
    assert max(map(len, sent)) <= MAX_PAYLOAD
    read = [msgspec.msgpack.decode(one, type=Packet) for one in sent]
    assert {one.epoch for one in read} == {3}
    assert [e for one in read for e in one.entries] == many[:5] + many[6:]


def entry(pos: int, **more: dict[str, str]) -> Entry:
    subject = UUID(int=pos)
    return Entry(
        pos=pos, seq=pos, at=datetime(2026, 3, 2, 1, 30, 0, pos, tzinfo=UTC), kind="thing.changed", v=1,
        subject=subject, subject_version=1, brand_id=None, team_id=subject, agent_id=None, contact_id=None,
        conversation_id=None, ticket_id=subject, actor="system", on_behalf=None, request=None, cause=None, depth=0,
        data=more.get("data", {"to": "open"}),
    )  # fmt: skip
