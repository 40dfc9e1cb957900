"""A process that writes events until it is killed, or that gives them their places.

python -m tests.faults.scribe DSN write|sequence
"""

from __future__ import annotations

import asyncio
import random
import sys
from datetime import timedelta
from uuid import uuid4

from tests.faults.chance import say
from tests.foundation.journal.entries import raise_version
from yizhan.foundation.db import DATABASE_TROUBLE, Database, open_database
from yizhan.foundation.journal import Sequencer, Wake
from yizhan.foundation.lease import Lease

LIFE = timedelta(milliseconds=400)
WRITERS = 4


async def write(db: Database) -> None:
    """Several subjects in one transaction, sometimes held open a little, as verbs do."""
    subjects = [r["id"] for r in await db.pool.fetch("SELECT id FROM thing ORDER BY id")]
    while True:
        try:
            async with db.transaction() as tx:
                for subject in sorted(random.sample(subjects, 3)):
                    await raise_version(tx, subject)
                    await asyncio.sleep(random.random() * 0.002)
        except DATABASE_TROUBLE:
            await asyncio.sleep(0.01)


async def sequence(db: Database) -> None:
    wake = Wake()
    wake.wait = _soon  # type: ignore[method-assign]
    await Sequencer(db, Lease(db, "journal", str(uuid4()), LIFE), wake, lambda pos: None).run()


async def _soon(net: float) -> bool:
    """The writers are other processes: nobody rings."""
    await asyncio.sleep(0.005)
    return False


async def main(dsn: str, part: str) -> None:
    db = await open_database(dsn)
    async with asyncio.TaskGroup() as group:
        if part == "sequence":
            group.create_task(sequence(db))
        else:
            for _ in range(WRITERS):
                group.create_task(write(db))
        say("running")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
