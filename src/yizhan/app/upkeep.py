"""What an operator asks of a house at rest."""

from __future__ import annotations

from yizhan.app.house import House, open_house
from yizhan.app.settings import Settings
from yizhan.desk.operations import Retried
from yizhan.foundation import jobs, journal, timer
from yizhan.foundation.db import open_database, start_server
from yizhan.foundation.ids import new_id


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
            done = await retry_held(house, "system")
            for loop in house.loops:
                loop.close()  # joined but never run: this process only retries
    return [f"{one.by}: {one.taken} taken, {one.failing} still failing" for one in done]


async def retry_held(house: House, actor: str) -> list[Retried]:
    """The same in a running house. Who asked for it stands in the journal."""
    done = [Retried(reader.name, *(await reader.retry())) for reader in house.readers]
    now = house.clock.now()
    async with house.db.transaction() as tx:
        done += [Retried("timers", await timer.retry_held(tx), 0), Retried("jobs", await jobs.retry_held(tx), 0)]
        counts = {one.by: [one.taken, one.failing] for one in done if one.taken or one.failing}
        await journal.emit(tx, [journal.Event(
            kind="operations.retried", subject=new_id(now), subject_version=1, at=now, actor=actor, data=counts,
        )])  # fmt: skip
    await jobs.wake(house.db)
    return done
