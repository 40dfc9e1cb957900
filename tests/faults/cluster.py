"""Several nodes on one database, with NATS between them: each `yizhan router` or `yizhan web` is a process."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from contextlib import suppress

import httpx

from tests.faults.site import Site


class Node:
    """One process with the settings of the site, on the database and the bus that all share."""

    def __init__(self, site: Site, part: str, dsn: str, bus: str) -> None:
        env = {**site.env, "YIZHAN_DATABASE_URL": dsn, "YIZHAN_BUS_URL": bus, "YIZHAN_WEB": "0"}
        self._log = (site.data_dir / f"{part}.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "yizhan.app.cli", part], env=env, stdout=self._log, stderr=self._log
        )

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def end(self) -> int:
        """Told once; the code it ends with."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
        code = self.process.wait(30)
        self._log.close()
        return code

    def holds(self, holder: str) -> bool:
        return holder.split(":")[1] == str(self.process.pid)


async def ready(url: str, seconds: float = 30.0) -> None:
    async with asyncio.timeout(seconds), httpx.AsyncClient(timeout=5) as client:
        while True:
            with suppress(httpx.HTTPError):
                if (await client.get(f"{url}/readyz")).status_code == 200:
                    return
            await asyncio.sleep(0.05)
