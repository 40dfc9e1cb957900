"""kill -9 and SIGSTOP of each process of `yizhan serve --web 2` at random instants under load."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from contextlib import suppress

import pytest

from tests.faults.chance import fresh_seed, say, until
from tests.faults.load import Load
from tests.faults.site import Site, furnish, new_site
from tests.faults.test_kill import check
from yizhan.app.worker import TIDY
from yizhan.foundation.db import Database, open_database, start_server
from yizhan.foundation.jobs import enqueue, queued_jobs

pytestmark = pytest.mark.slow

WEB = 2
VICTIMS = ("web", "worker", "stopped web", "main", "web", "postmaster", "worker", "web", "main")


async def test_whatever_process_is_killed_the_others_go_on_and_nothing_is_lost() -> None:
    seed = fresh_seed()
    with new_site(web=WEB) as site:
        await furnish(site)
        site.start()
        await site.ready()
        with start_server(site.data_dir) as server:
            db = await open_database(server.dsn, max_size=1)
            async with Load(site.url, seed) as load:
                await rounds(site, db, load, random.Random(seed))
            await until(lambda: _jobs_done(db))
            await db.close()
        say(f"{len(load.acknowledged)} acknowledged in {load.brought} deliveries, refused {len(load.refused)}")
        assert len(site.children("web")) == WEB
        await check(site, load)
        main = site.process
        assert main is not None
        below = site.children("web")
        site.stop()
        assert main.returncode == 0, site.log()
        assert not any(_lives(pid) for pid in below)


async def rounds(site: Site, db: Database, load: Load, chance: random.Random) -> None:
    for number, victim in enumerate(VICTIMS):
        async with asyncio.timeout(60):
            await load.more(chance.randrange(5, 60))
        await asyncio.sleep(chance.random() * 0.05)
        say(f"round {number}: {victim} after {len(load.acknowledged)}")
        if victim == "main":
            below = site.children("web")
            site.kill()
            await until(lambda pids=below: _all_gone(pids), 5)  # type: ignore[misc]
            site.start()
        elif victim == "postmaster":
            site.kill_postmaster()
        else:
            await child(site, db, victim, chance)
        async with asyncio.timeout(40):
            await load.more(1)


async def child(site: Site, db: Database, victim: str, chance: random.Random) -> None:
    """Others must not notice: the load goes on at once."""
    part = victim.rpartition(" ")[2]
    if part == "worker":
        async with db.transaction() as tx:
            await enqueue(tx, TIDY, {})
    await until(lambda: _there(site, part))
    pid = chance.choice(site.children(part))
    if victim == "stopped web":
        os.kill(pid, signal.SIGSTOP)
        await asyncio.sleep(0.5)
        os.kill(pid, signal.SIGCONT)
    else:
        os.kill(pid, signal.SIGKILL)


async def _there(site: Site, part: str) -> bool:
    return bool(site.children(part))


async def _all_gone(pids: list[int]) -> bool:
    return not any(_lives(pid) for pid in pids)


async def _jobs_done(db: Database) -> bool:
    async with db.read() as tx:
        return await queued_jobs(tx) == 1  # the one that is due in ten minutes


def _lives(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False
