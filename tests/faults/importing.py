"""A worker that takes a file in and hangs in the middle of its third step, to be killed there.

Given: the database, its keys, its blobs, the import.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any

from yizhan.desk import imports, sources
from yizhan.desk.imports import jobs
from yizhan.desk.sources import compile_profile
from yizhan.desk.sources.rules import SHIPPED
from yizhan.foundation.blobs import open_blobs
from yizhan.foundation.clock import SystemClock
from yizhan.foundation.crypto import Vault, load_keys
from yizhan.foundation.db import open_database
from yizhan.foundation.jobs import Job

TOGETHER = 20


async def main(dsn: str, keys: str, blobs: str, id: str) -> None:
    vault, rules = Vault(load_keys(Path(keys))), compile_profile(SHIPPED)
    steps, take = 0, sources.take_profiles

    async def hanging(*given: Any, **named: Any) -> Any:
        nonlocal steps
        steps += 1
        told = await take(*given, **named)
        if steps == 3:
            sys.stdout.write("written, not committed\n")
            sys.stdout.flush()
            await asyncio.Event().wait()
        return told

    jobs.TOGETHER = TOGETHER
    sources.take_profiles = hanging
    db = await open_database(dsn)
    await imports.run(
        db, vault, open_blobs(blobs, vault), SystemClock(), lambda: rules, Job(1, imports.IMPORT, {"import": id})
    )


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
