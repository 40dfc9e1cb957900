"""`yizhan serve` as a user runs it, in a data folder of its own, with a door for signed messages; ways to end it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from tests import memory
from yizhan.app.settings import Settings, load_settings
from yizhan.foundation.clock import SystemClock
from yizhan.foundation.crypto import Vault
from yizhan.foundation.db import Database, migrate, open_database, start_server
from yizhan.records import agents
from yizhan.records.agents import Member, NewAgent, NewTeam, PresenceState
from yizhan.records.inboxes import Channel, NewInbox, create_inbox

SECRET = "a secret of the tests, long enough"
KEY = "till"
_READY_SECONDS = 120.0  # of a machine that does much else


class Site:
    """The processes of one product. `start` and `kill` may follow each other in any order, as in a bad week."""

    def __init__(self, data_dir: Path, web: int = 0, *, demo: bool = False) -> None:
        self.data_dir = data_dir
        self.web = web
        self.demo = demo
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def env(self) -> dict[str, str]:
        ours = {
            "YIZHAN_DATA": str(self.data_dir), "YIZHAN_PORT": str(self.port), "YIZHAN_RATE_LIMIT": "0",
            "YIZHAN_LOG_LEVEL": "warning", "YIZHAN_PUBLIC_URL": self.url, "YIZHAN_WEB": str(self.web),
            "YIZHAN_DEMO": str(self.demo).lower(),
        }  # fmt: skip
        return {k: v for k, v in os.environ.items() if not k.startswith("YIZHAN_")} | ours

    @property
    def settings(self) -> Settings:
        return load_settings(self.env)

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        with (self.data_dir / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "yizhan.app.cli", "serve"], env=self.env, stdout=log, stderr=log
            )

    async def ready(self, seconds: float = _READY_SECONDS) -> None:
        async with asyncio.timeout(seconds), httpx.AsyncClient(timeout=5) as client:
            while True:
                with suppress(httpx.HTTPError):
                    if (await client.get(f"{self.url}/readyz")).status_code == 200:
                        return
                assert self.runs, self.log()
                await asyncio.sleep(0.02)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def children(self, part: str) -> list[int]:
        """Processes of ours below the main one."""
        assert self.process is not None
        return [pid for pid in _children(self.process.pid) if f" yizhan.app.child {part}".encode() in _title(pid)]

    def kill_postmaster(self) -> bool:
        pid = self._postmaster()
        if pid is None:
            return False
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        return True

    def kill_backend(self, choice: float) -> bool:
        """One of the processes that serve a connection; the others are ended by the server itself."""
        parent = self._postmaster()
        backends = [pid for pid in _children(parent) if b" yizhan " in _title(pid)] if parent else []
        if not backends:
            return False
        with suppress(ProcessLookupError):
            os.kill(backends[int(choice * len(backends))], signal.SIGKILL)
        return True

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)

    def log(self) -> str:
        return (self.data_dir / "serve.log").read_text("utf-8", "replace")[-4000:]

    @property
    def database_runs(self) -> bool:
        return self._postmaster() is not None

    def _postmaster(self) -> int | None:
        try:
            return int((self.data_dir / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None


@contextmanager
def new_site(web: int = 0, *, demo: bool = False) -> Iterator[Site]:
    with memory.folder() as home:
        site = Site(home, web, demo=demo)
        try:
            yield site
        finally:
            site.stop()


async def furnish(site: Site, people: int = 3) -> None:
    """A brand, a team with people at their seats, an inbox whose secret we know."""
    settings = site.settings
    clock = SystemClock()
    with start_server(settings.data_dir) as server:
        await migrate(server.dsn)
        db = await open_database(server.dsn)
        async with db.transaction() as tx:
            now = clock.now()
            await agents.ensure_roles(tx, now)
            role = next(r.id for r in await agents.roles(tx) if r.key == "agent")
            brand = await agents.create_brand(tx, "home", "家电", now, "system")
            team = await agents.create_team(tx, NewTeam(key="care", name="售后", brand_id=brand), now, "system")
            seats = [
                await agents.create_agent(tx, NewAgent(login=f"a{n}", name=f"客服{n}", role_id=role), now, "system")
                for n in range(people)
            ]
            await agents.set_members(tx, team, [Member(a, False) for a in seats], now, "system")
            for a in seats:
                await agents.set_presence(tx, a, PresenceState.ONLINE, None, now, f"agent:{a}")
            new = NewInbox(channel=Channel.GENERIC, name="收银", brand_id=brand, team_id=team, key=KEY,
                           settings={}, secrets={"secret": SECRET})  # fmt: skip
            await create_inbox(tx, Vault(settings.keys), new, now, "system")
        await db.close()


async def settled(db: Database) -> None:
    """All that was acknowledged went through the journal and every reader: no waiting for time, only for the state."""
    async with asyncio.timeout(60):
        while True:
            row = await db.pool.fetchrow(
                "SELECT (SELECT count(*) FROM event_new) AS new, h.pos,"
                " (SELECT count(*) FROM reader_position r WHERE r.pos < h.pos) AS behind FROM journal_head h"
            )
            assert row is not None
            if row["new"] == 0 and row["behind"] == 0:
                return
            await asyncio.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _children(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent:
                found.append(int(stat.parent.name))
    return found


def _title(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
    except OSError:
        return b""
