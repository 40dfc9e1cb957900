"""The parts of a file on their way in, as they lie among the blobs until a month has passed.

Blobs are kept once for equal content, whoever put them: each part begins with the id of its import, so that it is no
other's, and may go when the import goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from yizhan.desk.imports import store
from yizhan.desk.imports.model import Import
from yizhan.foundation.blobs import Blobs
from yizhan.foundation.db import Tx
from yizhan.foundation.errors import NotFound


async def keep(blobs: Blobs, id: UUID, content: bytes) -> str:
    """Its hash, for `add_part`."""
    return (await blobs.put(id.bytes + content, "application/octet-stream")).hash


async def content(blobs: Blobs, told: Import, place: int) -> bytes:
    """Raises NotFound once the file is forgotten."""
    return (await blobs.get(told.parts[place])).removeprefix(told.id.bytes)


async def forget_old(tx: Tx, blobs: Blobs, now: datetime) -> int:
    """Files and refused rows are personal: they are kept for a month, to be mended. The files go first: a step that
    breaks off finds its rows again."""
    old = await store.old(tx, now)
    for each in old:
        await _forget_files(blobs, each.id, each.parts)
    await store.forget(tx, [each.id for each in old])
    return len(old)


async def _forget_files(blobs: Blobs, id: UUID, hashes: Sequence[str]) -> None:
    for hash in hashes:
        try:
            own = not hash or (await blobs.get(hash)).startswith(id.bytes)
        except NotFound:
            continue
        if hash and own:
            await blobs.delete(hash)
