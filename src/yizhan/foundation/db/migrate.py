"""Numbered plain SQL files, applied in order, each once and each in its own transaction; then functions and views.

History cannot be rewritten, but functions and views have none worth reading: their current text stands once, in
`functions/`, and is applied again whenever it differs from what the database got, or a numbered file ran before it.
"""

import hashlib
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files
from importlib.resources.abc import Traversable

import msgspec

from yizhan.foundation.db.pool import Tx, open_connection

_NAME = re.compile(r"\d{4}_[a-z0-9_]+\.sql")
_FUNCTIONS = "functions"
_LOCK = 0x79697A68616E0001  # "yizhan" and a number: one migrator at a time in a database
_CREATE_TABLES = """
CREATE TABLE IF NOT EXISTS schema_migration (
    name       text PRIMARY KEY,
    checksum   text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS schema_function (
    name       text PRIMARY KEY,
    checksum   text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)"""

_AHEAD = "SELECT partitions_ahead(clock_timestamp())"  # at every start, so that no year ever begins without its room


class MigrationRefused(Exception):  # noqa: N818 - a refusal, not a fault
    """The database and the files disagree about the past; nothing was changed."""


class Migration(msgspec.Struct, frozen=True):
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def packaged_migrations(folder: Traversable | None = None) -> list[Migration]:
    """The numbered files of the installed package, in order; `folder` replaces it in tests."""
    found = _read(folder or files("yizhan").joinpath("migrations"))
    if wrong := [each.name for each in found if not _NAME.fullmatch(each.name)]:
        raise MigrationRefused(f"not named like 0001_what.sql: {', '.join(wrong)}")
    if len({each.name[:4] for each in found}) != len(found):
        raise MigrationRefused("two migrations have the same number")
    return found


def packaged_functions(folder: Traversable | None = None) -> list[Migration]:
    """The current text of functions and views, in the order of their names; a file may be applied any number of times.

    What changes the shape of a result or a composite type drops the old one in a numbered file.
    """
    return _read(folder or files("yizhan").joinpath("migrations", _FUNCTIONS))


def _read(folder: Traversable) -> list[Migration]:
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [Migration(name, folder.joinpath(name).read_text("utf-8")) for name in names]


async def migrate(
    target: str | Tx, migrations: Sequence[Migration] | None = None, functions: Sequence[Migration] | None = None
) -> list[str]:
    """Brings a database (address or open connection) up to date; returns the names of what it applied.

    Any number of processes may call it at once: one works, the others wait and find nothing left to do.
    """
    known = packaged_migrations() if migrations is None else migrations
    if functions is None:
        functions = packaged_functions() if migrations is None else ()
    async with _connection(target) as connection:
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        try:
            await connection.execute(_CREATE_TABLES)
            rows = await connection.fetch("SELECT name, checksum FROM schema_migration ORDER BY name")
            due = pending(known, {row["name"]: row["checksum"] for row in rows})
            for migration in due:
                await _apply(connection, migration)
            renewed = await _renew(connection, functions)
            if migrations is None:
                await connection.execute(_AHEAD)
        finally:
            if not connection.is_closed():
                await connection.execute("SELECT pg_advisory_unlock($1)", _LOCK)
    return [migration.name for migration in due] + renewed


def pending(known: Sequence[Migration], applied: dict[str, str]) -> list[Migration]:
    """What is left to apply. History is never rewritten: each difference in it is a refusal."""
    if unknown := sorted(applied.keys() - {migration.name for migration in known}):
        raise MigrationRefused(f"the database is newer than this program: it has {', '.join(unknown)}")
    for migration in known:
        if applied.get(migration.name, migration.checksum) != migration.checksum:
            raise MigrationRefused(f"{migration.name} was changed after it was applied; write a new migration instead")
    due = [migration for migration in known if migration.name not in applied]
    if due and applied and due[0].name < max(applied):
        raise MigrationRefused(f"{due[0].name} comes before {max(applied)}, which is already applied")
    return due


async def _apply(connection: Tx, migration: Migration) -> None:
    """From here on functions count as not applied: what they stand on may have changed."""
    async with _step(connection, migration.name):
        await connection.execute(migration.sql)
        await connection.execute("DELETE FROM schema_function")
        await connection.execute(
            "INSERT INTO schema_migration (name, checksum) VALUES ($1, $2)", migration.name, migration.checksum
        )


async def _renew(connection: Tx, functions: Sequence[Migration]) -> list[str]:
    """All that differ together or none: they call each other."""
    rows = await connection.fetch("SELECT name, checksum FROM schema_function")
    there = {row["name"]: row["checksum"] for row in rows}
    due = [each for each in functions if there.get(each.name) != each.checksum]
    async with connection.transaction():
        for each in due:
            async with _step(connection, f"{_FUNCTIONS}/{each.name}"):
                await connection.execute(each.sql)
                await connection.execute(
                    "INSERT INTO schema_function (name, checksum) VALUES ($1, $2)"
                    " ON CONFLICT (name) DO UPDATE SET checksum = excluded.checksum, applied_at = now()",
                    each.name,
                    each.checksum,
                )
    return [f"{_FUNCTIONS}/{each.name}" for each in due]


@asynccontextmanager
async def _step(connection: Tx, name: str) -> AsyncIterator[None]:
    try:
        async with connection.transaction():
            yield
    except Exception as error:
        error.add_note(f"in migration {name}")
        raise


@asynccontextmanager
async def _connection(target: str | Tx) -> AsyncIterator[Tx]:
    if not isinstance(target, str):
        yield target
        return
    connection = await open_connection(target)
    try:
        yield connection
    finally:
        await connection.close()
