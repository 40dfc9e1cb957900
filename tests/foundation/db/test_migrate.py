import asyncio
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from yizhan.foundation.db import (
    Database,
    Migration,
    MigrationRefused,
    Server,
    migrate,
    open_connection,
    packaged_functions,
    packaged_migrations,
)

ONE = Migration("0001_one.sql", "CREATE TABLE one (id int); INSERT INTO one VALUES (1);")
TWO = Migration("0002_two.sql", "CREATE TABLE two (id int);")
BROKEN = Migration("0002_broken.sql", "CREATE TABLE half (id int); SELECT no_such_function();")


@pytest.fixture
async def empty(db: Database) -> Database:
    """A database without any table."""
    async with db.transaction() as tx:
        await tx.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    return db


async def test_applies_in_order_and_each_once(empty: Database) -> None:
    assert await migrate(empty.dsn, [ONE]) == ["0001_one.sql"]
    assert await migrate(empty.dsn, [ONE, TWO]) == ["0002_two.sql"]
    assert await migrate(empty.dsn, [ONE, TWO]) == []
    async with empty.read() as tx:
        assert await tx.fetchval("SELECT count(*) FROM one") == 1


async def test_takes_an_open_connection(empty: Database) -> None:
    connection = await open_connection(empty.dsn)
    assert await migrate(connection, [ONE]) == ["0001_one.sql"]
    await connection.close()


async def test_refuses_a_file_that_was_changed_after_it_was_applied(empty: Database) -> None:
    await migrate(empty.dsn, [ONE])
    changed = Migration(ONE.name, ONE.sql + " -- a small improvement")
    with pytest.raises(MigrationRefused, match=r"0001_one\.sql was changed"):
        await migrate(empty.dsn, [changed, TWO])
    async with empty.read() as tx:
        assert await tx.fetchval("SELECT to_regclass('two')") is None


async def test_refuses_a_database_from_the_future(empty: Database) -> None:
    await migrate(empty.dsn, [ONE, TWO])
    with pytest.raises(MigrationRefused, match="newer than this program"):
        await migrate(empty.dsn, [ONE])


async def test_refuses_to_slip_one_in_below_an_applied_one(empty: Database) -> None:
    await migrate(empty.dsn, [TWO])
    with pytest.raises(MigrationRefused, match="comes before"):
        await migrate(empty.dsn, [ONE, TWO])


async def test_a_file_that_fails_leaves_nothing_and_those_before_it_stay(empty: Database) -> None:
    with pytest.raises(asyncpg.UndefinedFunctionError) as failure:
        await migrate(empty.dsn, [ONE, BROKEN])
    assert failure.value.__notes__ == ["in migration 0002_broken.sql"]
    async with empty.read() as tx:
        assert await tx.fetchval("SELECT to_regclass('half')") is None
        assert await tx.fetchval("SELECT array_agg(name) FROM schema_migration") == ["0001_one.sql"]
    assert await migrate(empty.dsn, [ONE, TWO]) == ["0002_two.sql"]


@pytest.mark.slow
async def test_two_processes_at_once_apply_everything_once(postgres: Server) -> None:
    admin = await open_connection(postgres.dsn)
    await admin.execute("CREATE DATABASE fought_over")
    dsn = postgres.address_of("fought_over")
    program = (
        "import asyncio, sys; from yizhan.foundation.db import migrate; print(len(asyncio.run(migrate(sys.argv[1]))))"
    )
    both = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", program, dsn, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    applied = [int((await process.communicate())[0]) for process in both]
    await admin.execute("DROP DATABASE fought_over")
    await admin.close()
    assert [process.returncode for process in both] == [0, 0]
    assert sorted(applied) == [0, len(packaged_migrations()) + len(packaged_functions())]


@pytest.mark.parametrize(
    ("names", "problem"),
    [(["1_short.sql"], "not named like"), (["0001_a.sql", "0001_b.sql"], "same number"), (["0001_A.sql"], "not named")],
)
def test_refuses_names_that_do_not_tell_the_order(tmp_path: Path, names: list[str], problem: str) -> None:
    for name in names:
        (tmp_path / name).write_text("SELECT 1")
    with pytest.raises(MigrationRefused, match=problem):
        packaged_migrations(tmp_path)


def test_the_package_carries_its_migrations() -> None:
    assert packaged_migrations()[0].name == "0001_foundation.sql"


ADDS = Migration("add.sql", "CREATE OR REPLACE FUNCTION add(a int) RETURNS int LANGUAGE sql AS 'SELECT a + 1'")
ADDS_TWO = Migration("add.sql", "CREATE OR REPLACE FUNCTION add(a int) RETURNS int LANGUAGE sql AS 'SELECT a + 2'")
WRONG = Migration("wrong.sql", "CREATE VIEW wrong AS SELECT no_such_function()")


async def test_functions_are_renewed_when_their_text_changed(empty: Database) -> None:
    assert await migrate(empty.dsn, [ONE], [ADDS]) == ["0001_one.sql", "functions/add.sql"]
    assert await migrate(empty.dsn, [ONE], [ADDS]) == []
    assert await migrate(empty.dsn, [ONE], [ADDS_TWO]) == ["functions/add.sql"]
    async with empty.read() as tx:
        assert await tx.fetchval("SELECT add(1)") == 3


async def test_functions_are_applied_again_after_a_numbered_file_dropped_them(empty: Database) -> None:
    await migrate(empty.dsn, [ONE], [ADDS])
    drops = Migration("0002_two.sql", "DROP FUNCTION add(int)")
    assert await migrate(empty.dsn, [ONE, drops], [ADDS]) == ["0002_two.sql", "functions/add.sql"]
    async with empty.read() as tx:
        assert await tx.fetchval("SELECT add(1)") == 2


async def test_a_function_that_fails_leaves_the_others_as_they_were_and_is_tried_again(empty: Database) -> None:
    await migrate(empty.dsn, [ONE], [ADDS])
    with pytest.raises(asyncpg.UndefinedFunctionError) as failure:
        await migrate(empty.dsn, [ONE], [ADDS_TWO, WRONG])
    assert failure.value.__notes__ == ["in migration functions/wrong.sql"]
    async with empty.read() as tx:
        assert await tx.fetchval("SELECT add(1)") == 2
    assert await migrate(empty.dsn, [ONE], [ADDS_TWO]) == ["functions/add.sql"]


async def test_the_packaged_functions_may_be_applied_again(db: Database) -> None:
    async with db.transaction() as tx:
        for each in packaged_functions():
            await tx.execute(each.sql)
