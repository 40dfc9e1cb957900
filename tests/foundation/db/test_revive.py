"""A server that was killed under us is started again by whoever looks."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from yizhan.foundation.db import open_connection, start_server


@pytest.mark.slow
def test_a_killed_server_comes_back_with_what_was_committed(tmp_path: Path) -> None:
    with start_server(tmp_path) as server:
        assert not server.revive()
        asyncio.run(run(server.dsn, "CREATE TABLE kept AS SELECT 7 AS x"))
        pid = int((tmp_path / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(pid, signal.SIGKILL)
        while not server.revive():
            continue  # the kernel takes a moment to end it
        assert asyncio.run(run(server.dsn, "SELECT x FROM kept")) == 7
        assert not server.revive()


async def run(dsn: str, query: str) -> object:
    connection = await open_connection(dsn)
    try:
        if query.startswith("SELECT"):
            return await connection.fetchval(query)
        return await connection.execute(query)
    finally:
        await connection.close()
