"""What an operator asks of a house at rest."""

from __future__ import annotations

from yizhan.app.settings import Settings
from yizhan.foundation import journal
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
