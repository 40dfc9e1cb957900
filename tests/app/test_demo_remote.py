"""The demo's switch in a web process that does not drive it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from yizhan.app.demo import DemoHost, RemoteDemo, open_demo, open_remote_demo, plant_demo
from yizhan.app.house import Part, open_house
from yizhan.app.settings import load_settings
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.errors import Invalid


async def stands(remote: RemoteDemo, on: bool, speed: float) -> None:
    async with asyncio.timeout(10):
        while True:
            if (remote.on, remote.speed) == (on, speed):
                return
            await asyncio.sleep(0.005)


async def test_it_steers_and_begins_anew_from_afar(db_dsn: str, clock: FakeClock, tmp_path: Path) -> None:
    env = {"YIZHAN_DATA": str(tmp_path), "YIZHAN_DEMO": "true", "YIZHAN_WEB": "1"}
    async with (
        open_house(load_settings(env), db_dsn, clock) as main,
        open_house(load_settings(env), db_dsn, clock, parts=frozenset({Part.WEB})) as web,
    ):
        assert await open_remote_demo(web) is None, "nothing is planted yet"
        await plant_demo(main, count=5)
        demo = await open_demo(main, seed=1)
        assert demo is not None
        for loop in (*main.loops, *web.loops):
            loop.close()
        hosting = asyncio.create_task(DemoHost(main.bus, demo).run())
        remote = await open_remote_demo(web)
        assert remote is not None
        remote.steer(False, 5)
        async with asyncio.timeout(10):
            while True:
                if (demo.on, demo.speed) == (False, 5):
                    break
                await asyncio.sleep(0.005)
        demo.steer(True, 2)
        await stands(remote, True, 2)
        assert remote.started_at == demo.started_at
        with pytest.raises(Invalid):
            remote.steer(True, 21)
        before = await main.db.pool.fetchval("SELECT max(id::text) FROM contact")
        await remote.reset()
        assert await main.db.pool.fetchval("SELECT max(id::text) FROM contact") != before
        hosting.cancel()
        await asyncio.gather(hosting, return_exceptions=True)
