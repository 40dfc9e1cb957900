"""Voice of phones is made playable for the workbench: a job makes an MP3 beside the original, which is kept as it came.

What cannot be made so says it on the file: it is downloaded and listened to elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import PurePath
from uuid import UUID

from yizhan.desk.intake import Attachment
from yizhan.foundation.audio import RENDERED_TYPE, SPOKEN, Rendered, Unplayable, playable
from yizhan.foundation.blobs import Blobs
from yizhan.foundation.clock import Clock
from yizhan.foundation.db import Database, Tx
from yizhan.foundation.errors import NotFound
from yizhan.foundation.jobs import Job, enqueue
from yizhan.foundation.log import get_logger
from yizhan.records import conversations

log = get_logger(__name__)

RENDER = "voice.render"


async def render_spoken(db: Database, message_id: UUID, files: Sequence[Attachment], now: datetime) -> None:
    """After a message is durable; asked again it does nothing, so whoever delivers twice asks twice."""
    if any(each.type in SPOKEN for each in files):
        async with db.transaction() as tx:
            await ask_rendering(tx, message_id, files, now)


async def ask_rendering(tx: Tx, message_id: UUID, files: Iterable[Attachment], now: datetime) -> None:
    """Has the voice among the files of a message made playable. Asked again it does nothing."""
    for each in files:
        if each.type in SPOKEN:
            asked = {"message": str(message_id), "hash": each.hash}
            if await enqueue(tx, RENDER, asked, key=f"{message_id}:{each.hash}") is not None:
                await conversations.mark_file(tx, message_id, each.hash, "waiting", now=now)


async def run_rendering(db: Database, blobs: Blobs, clock: Clock, job: Job) -> None:
    message_id, hash = UUID(str(job.payload["message"])), str(job.payload["hash"])
    async with db.read() as tx:
        file = await conversations.file_of(tx, message_id, hash)
    if file is None:
        return
    try:
        made = await playable(await blobs.get(hash), str(file["type"]))
    except (Unplayable, NotFound) as why:
        log.warning("voice.not_rendered", message=str(message_id), type=file["type"], error=str(why))
        async with db.transaction() as tx:
            await conversations.mark_file(tx, message_id, hash, "no", now=clock.now())
        return
    await _keep(db, blobs, clock, message_id, hash, PurePath(str(file["name"])).stem, made)


async def _keep(
    db: Database, blobs: Blobs, clock: Clock, message_id: UUID, hash: str, stem: str, made: Rendered
) -> None:
    kept = await blobs.put(made.content, RENDERED_TYPE)
    async with db.transaction() as tx:
        await conversations.add_rendered(
            tx, message_id, hash, rendered=kept.hash, name=f"{stem or 'voice'}.mp3", type=RENDERED_TYPE,
            size=kept.size, seconds=made.seconds, now=clock.now(),
        )  # fmt: skip
