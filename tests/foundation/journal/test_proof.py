"""The proof names the first row that is not what was written, whoever altered it and however."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.foundation.journal.entries import event, sequencer, write
from yizhan.foundation import journal
from yizhan.foundation.db import Database

LENGTH = 12
FORGED = "1, now(), 'x', 1, gen_random_uuid(), 1, 'system', 0, '{}'"
COLUMNS = "seq, at, kind, v, subject, subject_version, actor, depth, data"


@pytest.fixture
async def whole(db: Database) -> Database:
    subject = uuid4()
    more: dict[str, Any] = {
        "agent_id": uuid4(),
        "contact_id": uuid4(),
        "on_behalf": "agent:1",
        "request": uuid4(),
        "cause": 1,
    }
    await write(db, [event(subject, v, **more) for v in range(1, LENGTH + 1)])
    await (await sequencer(db)).drain()
    return db


async def broken(db: Database, first: int = 1) -> int | None:
    async with db.read() as tx:
        return await journal.first_broken(tx, first, (await journal.head(tx)).pos)


async def test_an_untouched_journal_is_whole_from_any_place(whole: Database) -> None:
    assert [await broken(whole, first) for first in (1, 2, LENGTH)] == [None] * 3


async def test_an_empty_journal_is_whole(db: Database) -> None:
    assert await broken(db) is None


@pytest.mark.parametrize("change", [
    "at = at + interval '1 microsecond'", "at = 'infinity'", "kind = 'thing.forged'", "v = 2",
    "subject = gen_random_uuid()", "subject_version = 99", "brand_id = gen_random_uuid()",
    "team_id = gen_random_uuid()", "agent_id = NULL", "agent_id = gen_random_uuid()", "contact_id = NULL",
    "conversation_id = gen_random_uuid()", "ticket_id = gen_random_uuid()", "actor = 'agent:2'", "on_behalf = NULL",
    "request = NULL", "cause = 2", "depth = 1", "data = '{\"n\": 8}'", "seq = 1000", "hash = sha256('x')",
])  # fmt: skip
async def test_any_altered_field_is_named(whole: Database, change: str) -> None:
    await whole.pool.execute(f"UPDATE event SET {change} WHERE pos = 7")
    assert await broken(whole) == 7
    assert await broken(whole, 7) == 7


async def test_a_row_altered_together_with_its_hash_breaks_the_next(whole: Database) -> None:
    await whole.pool.execute("UPDATE event SET actor = 'agent:2' WHERE pos = 7")
    await whole.pool.execute(
        "UPDATE event e SET hash = sha256((SELECT hash FROM event WHERE pos = 6) || event_content(e.pos, e.seq, e.at,"
        " e.kind, e.v, e.subject, e.subject_version, e.brand_id, e.team_id, e.agent_id, e.contact_id,"
        " e.conversation_id, e.ticket_id, e.actor, e.on_behalf, e.request, e.cause, e.depth, e.data)) WHERE pos = 7"
    )
    assert await broken(whole) == 8


@pytest.mark.parametrize("pos", [1, 7, LENGTH])
async def test_a_deleted_row_is_named(whole: Database, pos: int) -> None:
    await whole.pool.execute("DELETE FROM event WHERE pos = $1", pos)
    assert await broken(whole) == pos


async def test_rows_that_changed_places_are_named(whole: Database) -> None:
    await whole.pool.execute("UPDATE event SET pos = -1 WHERE pos = 5")
    await whole.pool.execute("UPDATE event SET pos = 5 WHERE pos = 6")
    await whole.pool.execute("UPDATE event SET pos = 6 WHERE pos = -1")
    assert await broken(whole) == 5


async def test_a_cut_tail_is_named_though_the_head_was_lowered(whole: Database) -> None:
    await whole.pool.execute("DELETE FROM event WHERE pos > 9")
    assert await broken(whole) == 10
    await whole.pool.execute("UPDATE journal_head SET pos = 9")
    assert await broken(whole) == 10


@pytest.mark.parametrize("pos", [-3, 0, LENGTH + 1, LENGTH + 100, 70_000_000])
async def test_an_inserted_row_is_named(whole: Database, pos: int) -> None:
    await whole.pool.execute(f"INSERT INTO event (pos, hash, {COLUMNS}) VALUES ($1, sha256('x'), {FORGED})", pos)
    assert await broken(whole) == pos


async def test_a_row_inserted_between_others_is_named(whole: Database) -> None:
    """Making room for it moves all behind it; so the first of them is the one."""
    await whole.pool.execute("UPDATE event SET pos = pos + 1000 WHERE pos >= 4")
    await whole.pool.execute("UPDATE event SET pos = pos - 999 WHERE pos >= 1000")
    await whole.pool.execute(f"INSERT INTO event (pos, hash, {COLUMNS}) VALUES (4, sha256('x'), {FORGED})")
    await whole.pool.execute("UPDATE journal_head SET pos = pos + 1")
    assert await broken(whole) == 4


async def test_the_journal_goes_on_from_an_altered_row_and_still_names_it(whole: Database) -> None:
    await whole.pool.execute("UPDATE event SET v = 3 WHERE pos = 2")
    await write(whole, [event(uuid4(), 1)])
    await whole.pool.execute("UPDATE lease SET until = clock_timestamp()")
    await (await sequencer(whole)).drain()
    assert await broken(whole) == 2
