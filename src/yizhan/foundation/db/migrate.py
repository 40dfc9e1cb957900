"""Numbered plain SQL files, applied in order, each once and each in its own transaction."""

import hashlib
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files
from importlib.resources.abc import Traversable

import msgspec

from yizhan.foundation.db.pool import Tx, open_connection

_NAME = re.compile(r"\d{4}_[a-z0-9_]+\.sql")
_LOCK = 0x79697A68616E0001  # "yizhan" and a number: one migrator at a time in a database
_CREATE_TABLE = """
CREATE TABLE IF NOT EXISTS schema_migration (
    name       text PRIMARY KEY,
    checksum   text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)"""


class MigrationRefused(Exception):  # noqa: N818 - a refusal, not a fault
    """The database and the files disagree about the past; nothing was changed."""


class Migration(msgspec.Struct, frozen=True):
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def packaged_migrations(folder: Traversable | None = None) -> list[Migration]:
    """The files of the installed package, in order; `folder` replaces it in tests."""
    folder = folder or files("yizhan").joinpath("migrations")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    if wrong := [name for name in names if not _NAME.fullmatch(name)]:
        raise MigrationRefused(f"not named like 0001_what.sql: {', '.join(wrong)}")
    if len({name[:4] for name in names}) != len(names):
        raise MigrationRefused("two migrations have the same number")
    return [Migration(name, folder.joinpath(name).read_text("utf-8")) for name in names]


async def migrate(target: str | Tx, migrations: Sequence[Migration] | None = None) -> list[str]:
    """Brings a database (address or open connection) up to date; returns the names of what it applied.

    Any number of processes may call it at once: one works, the others wait and find nothing left to do.
    """
    known = packaged_migrations() if migrations is None else migrations
    async with _connection(target) as connection:
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        try:
            await connection.execute(_CREATE_TABLE)
            rows = await connection.fetch("SELECT name, checksum FROM schema_migration ORDER BY name")
            due = pending(known, {row["name"]: row["checksum"] for row in rows})
            for migration in due:
                await _apply(connection, migration)
        finally:
            if not connection.is_closed():
                await connection.execute("SELECT pg_advisory_unlock($1)", _LOCK)
    return [migration.name for migration in due]


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
    try:
        async with connection.transaction():
            await connection.execute(migration.sql)
            await connection.execute(
                "INSERT INTO schema_migration (name, checksum) VALUES ($1, $2)", migration.name, migration.checksum
            )
    except Exception as error:
        error.add_note(f"in migration {migration.name}")
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
