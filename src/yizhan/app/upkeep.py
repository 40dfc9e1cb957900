"""What an operator asks of a house at rest."""

from __future__ import annotations

from yizhan.app.house import open_house
from yizhan.app.settings import Settings
from yizhan.foundation import jobs, journal, timer
from yizhan.foundation.db import open_database, start_server


async def verify_journal(settings: Settings) -> tuple[bool, str]:
    """Whether the chain is whole from the first entry to the head, and a sentence that says so."""
    with start_server(settings.data_dir, database_url=settings.database_url) as server:
        db = await open_database(server.dsn, max_size=1)
        try:
            async with db.read() as tx:
                head = await journal.head(tx)
                broken = await journal.first_broken(tx, 1, head.pos)
        finally:
            await db.close()
    if broken is None:
        return True, f"The journal is whole: {head.pos} entries, epoch {head.epoch}."
    return False, f"The journal was altered: entry {broken} is not what was written."


async def retry_everything(settings: Settings) -> list[str]:
    """Takes everything that was put aside after failing too often once more; a line for each kind."""
    with start_server(settings.data_dir, database_url=settings.database_url) as server:
        async with open_house(settings, server.dsn) as house:
            lines = [_told(f"reader {r.name}", *(await r.retry())) for r in house.readers]
            async with house.db.transaction() as tx:
                timers_again, jobs_again = await timer.retry_held(tx), await jobs.retry_held(tx)
            for loop in house.loops:
                loop.close()  # joined but never run: this process only retries
    return [*lines, f"timers: {timers_again} set again", f"jobs: {jobs_again} queued again"]


def _told(what: str, taken: int, failing: int) -> str:
    return f"{what}: {taken} taken, {failing} still failing"
