"""The product starts without its bus: signals stay at home until the server answers."""

import asyncio
from contextlib import suppress

import pytest

from tests.foundation.bus.heard import Heard
from tests.foundation.bus.test_nats import Server
from yizhan.foundation.bus import NatsBus, keep_starting, starting


async def test_a_server_that_comes_later_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "_RETRY_SECONDS", 0.05)
    server = Server()
    here, there = NatsBus(server.url), NatsBus(server.url)
    try:
        async with keep_starting(here), keep_starting(there):
            at_home, abroad = Heard(), Heard()
            here.subscribe("typing", at_home)
            there.subscribe("typing", abroad)
            await here.publish("typing", b"alone")
            assert await at_home.until(1) == [b"alone"]
            await server.start()
            async with asyncio.timeout(30):
                while b"again" not in abroad:
                    await here.publish("typing", b"again")
                    with suppress(TimeoutError):
                        await abroad.until(len(abroad) + 1, seconds=0.1)
    finally:
        await here.close()
        await there.close()
        await server.stop()
