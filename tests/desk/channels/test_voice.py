"""Voice that came from a phone is made playable beside the original, or said not to be."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests.desk.intake.samples import Shop, open_shop, says
from yizhan.desk.channels import RENDER, run_rendering
from yizhan.desk.channels.voice import ask_rendering
from yizhan.desk.intake import Attachment
from yizhan.foundation.blobs import Blobs, open_blobs
from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database
from yizhan.foundation.jobs import Job

RECORDING = Path(__file__).parents[2] / "foundation" / "audio" / "recordings" / "wechat.silk"


@pytest.fixture
async def shop(db: Database, clock: FakeClock) -> Shop:
    return await open_shop(db, clock)


async def spoken(shop: Shop, blobs: Blobs, content: bytes, now: datetime) -> tuple[UUID, Attachment]:
    kept = await blobs.put(content, "audio/silk")
    file = Attachment(hash=kept.hash, name="语音.silk", type="audio/silk", size=kept.size)
    said = await shop.intake.accept(says(shop.chat, "v-1", "", now, attachments=(file,), kind="voice"))
    async with shop.db.transaction() as tx:
        for _ in range(2):
            await ask_rendering(tx, said.message_id, [file], now)
    return said.message_id, file


async def files(shop: Shop, message_id: UUID) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await shop.db.pool.fetchval(
        "SELECT attachments FROM message WHERE id = $1", message_id
    )
    return found


async def jobs(shop: Shop) -> list[Job]:
    rows = await shop.db.pool.fetch("SELECT id, payload FROM pgqueuer WHERE entrypoint = $1", RENDER)
    return [Job(row["id"], RENDER, msgspec.json.decode(row["payload"])) for row in rows]


async def test_it_is_made_playable_once_and_the_original_stays(shop: Shop, clock: FakeClock, tmp_path: Path) -> None:
    blobs = open_blobs(tmp_path.as_uri(), shop.vault)
    message_id, original = await spoken(shop, blobs, RECORDING.read_bytes(), clock.now())
    assert [each["playable"] for each in await files(shop, message_id)] == ["waiting"]
    (job,) = await jobs(shop)
    for _ in range(2):
        await run_rendering(shop.db, blobs, clock, job)
    first, second = await files(shop, message_id)
    assert first["hash"] == original.hash
    assert "playable" not in first
    assert (second["of"], second["name"], second["type"]) == (original.hash, "语音.mp3", "audio/mpeg")
    assert second["seconds"] == pytest.approx(1.2, abs=0.05)
    assert (await blobs.get(second["hash"])).startswith(b"ID3")
    assert (await blobs.get(original.hash)) == RECORDING.read_bytes()


async def test_what_cannot_be_played_here_says_so(shop: Shop, clock: FakeClock, tmp_path: Path) -> None:
    blobs = open_blobs(tmp_path.as_uri(), shop.vault)
    message_id, _ = await spoken(shop, blobs, b"\x02#!SILK_V3\x05\x00zz", clock.now())
    (job,) = await jobs(shop)
    await run_rendering(shop.db, blobs, clock, job)
    assert [each["playable"] for each in await files(shop, message_id)] == ["no"]
    told = await shop.db.pool.fetch(
        "SELECT data->>'state' AS state FROM event_new WHERE kind = 'message.attached' ORDER BY seq"
    )
    assert [row["state"] for row in told] == ["rendering", "unplayable"]


async def test_a_message_that_is_gone_needs_nothing(shop: Shop, clock: FakeClock, tmp_path: Path) -> None:
    job = Job(1, RENDER, {"message": str(UUID(int=7)), "hash": "ab" * 32})
    await run_rendering(shop.db, open_blobs(tmp_path.as_uri(), shop.vault), clock, job)
