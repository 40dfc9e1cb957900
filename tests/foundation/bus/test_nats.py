"""Two processes on a real NATS server."""

import asyncio
import socket
import sysconfig
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.foundation.bus.heard import Heard
from yizhan.foundation.bus import MAX_PAYLOAD, NatsBus
from yizhan.foundation.bus.nats import BusUnreachable

PROGRAM = Path(sysconfig.get_path("scripts")) / "nats-server"


class Server:
    """On loopback, at one port for its whole life, restarts included."""

    def __init__(self) -> None:
        self.port = _free_port()
        self.url = f"nats://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self._running = await asyncio.create_subprocess_exec(
            PROGRAM, "-a", "127.0.0.1", "-p", str(self.port), stderr=asyncio.subprocess.PIPE
        )
        assert self._running.stderr
        async for line in self._running.stderr:
            if b"Server is ready" in line:
                return
        raise RuntimeError("the NATS server did not start")

    async def stop(self) -> None:
        if self._running.returncode is None:
            self._running.kill()
            await self._running.wait()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def here(server: Server) -> AsyncIterator[NatsBus]:
    bus = NatsBus(server.url)
    await bus.start()
    yield bus
    await bus.close()


@pytest.fixture
async def there(server: Server) -> AsyncIterator[NatsBus]:
    bus = NatsBus(server.url)
    await bus.start()
    yield bus
    await bus.close()


async def test_a_signal_reaches_both_processes_once(here: NatsBus, there: NatsBus) -> None:
    at_home, abroad = Heard(), Heard()
    here.subscribe("typing", at_home)
    there.subscribe("typing", abroad)
    await here.publish("typing", b"\x00\xff 1")
    await there.publish("typing", b"2")
    assert sorted(await at_home.until(2)) == sorted(await abroad.until(2)) == [b"\x00\xff 1", b"2"]
    await here.publish("typing", b"\xff" * MAX_PAYLOAD)
    assert (await abroad.until(3))[2:] == (await at_home.until(3))[2:] == [b"\xff" * MAX_PAYLOAD]


async def test_a_burst_arrives_whole_and_in_order(here: NatsBus, there: NatsBus) -> None:
    abroad = Heard()
    there.subscribe("desk.typing", abroad)
    sent = [b"%d" % number for number in range(900)]
    for payload in sent:
        await here.publish("desk.typing", payload)
    assert await abroad.until(900) == sent


async def test_installations_on_one_server_do_not_hear_each_other(server: Server, here: NatsBus) -> None:
    other, ours, theirs = NatsBus(server.url, space="acme"), Heard(), Heard()
    await other.start()
    here.subscribe("typing", ours)
    other.subscribe("typing", theirs)
    await here.publish("typing", b"ours")
    await other.publish("typing", b"theirs")
    assert await ours.until(1) == [b"ours"]
    assert await theirs.until(1) == [b"theirs"]
    await other.close()


async def test_a_server_that_was_away_is_found_again(server: Server, here: NatsBus, there: NatsBus) -> None:
    at_home, abroad = Heard(), Heard()
    here.subscribe("typing", at_home)
    there.subscribe("typing", abroad)
    await server.stop()
    await here.publish("typing", b"alone")
    assert await at_home.until(1) == [b"alone"]
    await server.start()
    async with asyncio.timeout(30):
        while b"again" not in abroad:
            await here.publish("typing", b"again")
            with suppress(TimeoutError):
                await abroad.until(len(abroad) + 1, seconds=0.1)


async def test_a_wrong_address_is_told_at_the_start() -> None:
    with pytest.raises(BusUnreachable):
        await NatsBus(f"nats://127.0.0.1:{_free_port()}").start()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
