from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest

from yizhan.foundation.clock import FakeClock
from yizhan.foundation.db import Database, PostgresError
from yizhan.foundation.ids import new_id


class Place(msgspec.Struct):
    city: str
    since: datetime


async def test_a_transaction_commits_what_its_block_did(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.execute("CREATE TABLE scratch (body text)")
        await tx.execute("INSERT INTO scratch VALUES ('你好')")
    async with db.read() as tx:
        assert await tx.fetchval("SELECT body FROM scratch") == "你好"


async def test_a_transaction_that_raises_leaves_nothing(db: Database) -> None:
    with pytest.raises(RuntimeError):
        await _fail_half_way(db)
    async with db.read() as tx:
        assert await tx.fetchval("SELECT to_regclass('scratch')") is None


async def _fail_half_way(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.execute("CREATE TABLE scratch (body text)")
        raise RuntimeError


async def test_a_read_cannot_write(db: Database) -> None:
    async with db.read() as tx:
        with pytest.raises(PostgresError, match="read-only"):
            await tx.execute("CREATE TABLE scratch (body text)")


async def test_a_read_sees_one_moment(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.execute("CREATE TABLE scratch (body text)")
    async with db.read() as reader:
        assert await reader.fetchval("SELECT count(*) FROM scratch") == 0
        async with db.transaction() as tx:
            await tx.execute("INSERT INTO scratch VALUES ('later')")
        assert await reader.fetchval("SELECT count(*) FROM scratch") == 0


async def test_jsonb_takes_documents_and_structs_and_gives_plain_values(db: Database, clock: FakeClock) -> None:
    someone = new_id(clock.now())
    document = {"name": "小王", "ids": [someone], "place": Place("杭州", clock.now()), "none": None}
    async with db.transaction() as tx:
        assert await tx.fetchval("SELECT $1::jsonb", document) == {
            "name": "小王",
            "ids": [str(someone)],
            "place": {"city": "杭州", "since": "2026-03-02T01:30:00Z"},
            "none": None,
        }
        assert await tx.fetchval("SELECT $1::jsonb ->> 'city'", {"city": "杭州"}) == "杭州"


async def test_jsonb_can_be_copied_in_bulk(db: Database) -> None:
    async with db.transaction() as tx:
        await tx.execute("CREATE TABLE scratch (id int, body jsonb)")
        await tx.copy_records_to_table("scratch", records=[(1, {"a": 1}), (2, ["二"])])
        rows = await tx.fetch("SELECT body FROM scratch ORDER BY id")
    assert [row["body"] for row in rows] == [{"a": 1}, ["二"]]


async def test_times_come_back_aware_and_ids_as_uuid(db: Database, clock: FakeClock) -> None:
    made = new_id(clock.now())
    async with db.read() as tx:
        row = await tx.fetchrow("SELECT $1::timestamptz AS at, $2::uuid AS id", clock.now(), made)
    assert row is not None
    assert row["at"] == clock.now()
    assert row["at"].tzinfo is UTC or row["at"].utcoffset().total_seconds() == 0
    assert isinstance(row["id"], UUID)
    assert msgspec.json.encode(row["id"]) == f'"{made}"'.encode()


async def test_the_server_takes_chinese_for_text(db: Database) -> None:
    async with db.transaction() as tx:
        assert await tx.fetchval("SELECT to_tsvector('simple', '客户 hello')::text") == "'hello':2 '客户':1"
        await tx.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        assert await tx.fetchval("SELECT similarity('驿站客服', '驿站客户') > 0.2")


async def test_a_connection_of_its_own_knows_documents_too(db: Database) -> None:
    connection = await db.connect()
    assert await connection.fetchval("SELECT '{\"a\": 1}'::jsonb") == {"a": 1}
    await connection.close()
