"""Moving the embedded server's data to the PostgreSQL that is installed now: dumped, restored, compared, then swapped.

Slower than pg_upgrade, but it asks nothing of how the old data folder was made (locale, checksums, page size), makes
every index anew, and the old folder is read only: whatever happens on the way, it is as it was.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from yizhan.foundation.db.binaries import ServerFailed, find_binaries_of
from yizhan.foundation.db.cluster import (
    DATABASE,
    PORT,
    USER,
    Cluster,
    choose_socket_folder,
    environment,
    initdb,
    major_of,
    sync,
    upgraded_folder,
)
from yizhan.foundation.db.pool import open_connection
from yizhan.foundation.db.server import describe, dsn_of, ensure_running, shut_down
from yizhan.foundation.db.sharing import Sharing

_JOBS = "2"
_ROOM = 2.0  # times the old folder's size: the dump, and the new folder

Say = Callable[[str], None]


class Upgraded(msgspec.Struct, frozen=True):
    """`kept` is the old folder, to be deleted when nobody misses anything."""

    before: int
    after: int
    tables: int
    rows: int
    kept: Path


def upgrade(data_dir: Path, *, binaries: Path | None = None, say: Say = lambda _: None) -> Upgraded | None:
    """None when there is nothing to do. Nobody may use the server meanwhile; a break leaves everything as it was."""
    home = data_dir.resolve()
    sharing = Sharing(home)
    with sharing.gate():
        new = describe(home, durable=True, connections=30)
        if not new.folder.exists():
            raise ServerFailed(f"there is no data of the embedded PostgreSQL in {home}")
        before, after = major_of(new.folder), new.binaries.major
        if before == after:
            return None
        if before > after:
            raise ServerFailed(f"the data was made by PostgreSQL {before}, newer than the installed {after}")
        if not sharing.alone():
            raise ServerFailed("the server is in use: stop every process of Yizhan first")
        old = msgspec.structs.replace(new, binaries=find_binaries_of(before, binaries))
        return _move(old, new, say)


def _move(old: Cluster, new: Cluster, say: Say) -> Upgraded:
    dump, fresh = new.home / "postgres.dump", new.home / "postgres.upgrading"
    upgraded = upgraded_folder(new)
    for left in (dump, fresh, upgraded):  # of an upgrade that was cut off
        shutil.rmtree(left, ignore_errors=True)
    _ensure_room(new)
    beside = _at(new, fresh)
    try:
        say(f"Reading the data of PostgreSQL {old.binaries.major} …")
        with _running(old):
            counts = asyncio.run(_counts(dsn_of(old)))
            _run(old, "pg_dump", "--format=directory", f"--jobs={_JOBS}", "--compress=1", f"--file={dump}", at=old)
        say(f"Writing it with PostgreSQL {new.binaries.major} …")
        _make(beside, fresh)
        with _running(msgspec.structs.replace(beside, durable=False)):
            _run(new, "pg_restore", "--exit-on-error", f"--jobs={_JOBS}", f"--dbname={DATABASE}", str(dump), at=beside)
            _run(new, "vacuumdb", "--analyze-only", "--quiet", f"--jobs={_JOBS}", DATABASE, at=beside)
            say("Comparing …")
            _ensure_same(counts, asyncio.run(_counts(dsn_of(beside))))
        subprocess.run(  # noqa: S603 - no shell
            [*new.account.prefix, new.binaries.path("initdb"), "--sync-only", "-D", str(fresh)],
            check=True, capture_output=True, env=environment(),
        )  # fmt: skip
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    finally:
        shutil.rmtree(dump, ignore_errors=True)
    return Upgraded(
        old.binaries.major, new.binaries.major, len(counts), sum(counts.values()), _swap(old, fresh, upgraded)
    )


def _swap(old: Cluster, fresh: Path, upgraded: Path) -> Path:
    """A start that finds `upgraded` and no folder in its place does the last step itself."""
    kept = old.home / f"postgres-{old.binaries.major}"
    number = 2
    while kept.exists():
        kept = old.home / f"postgres-{old.binaries.major}.{number}"
        number += 1
    fresh.rename(upgraded)
    sync(old.home)
    old.folder.rename(kept)
    upgraded.rename(old.folder)
    sync(old.home)
    return kept


def _at(cluster: Cluster, folder: Path) -> Cluster:
    sockets = choose_socket_folder(folder, cluster.account)
    return msgspec.structs.replace(cluster, folder=folder, socket_folder=sockets)


def _make(cluster: Cluster, folder: Path) -> None:
    folder.mkdir(mode=0o700)
    cluster.account.let_through(cluster.home)
    cluster.account.own(folder)
    initdb(cluster, folder)


@contextmanager
def _running(cluster: Cluster) -> Iterator[None]:
    process = ensure_running(cluster)
    try:
        yield
    finally:
        shut_down(msgspec.structs.replace(cluster, durable=True), process)  # cleanly, also where nothing is synced


def _run(by: Cluster, program: str, *arguments: str, at: Cluster) -> None:
    """Each server is asked by programs of its own release, which know what that release keeps in its catalogues.

    What an older release dumped a newer one restores.
    """
    address = (f"--host={at.socket_folder}", f"--port={PORT}", f"--username={USER}")
    database = (f"--dbname={DATABASE}",) if program == "pg_dump" else ()
    command = [by.binaries.path(program), *address, *database, *arguments]
    done = subprocess.run(  # noqa: S603 - no shell
        command, capture_output=True, text=True, env=environment(), stdin=subprocess.DEVNULL, check=False
    )
    if done.returncode:
        raise ServerFailed(f"{program} failed; the old data is as it was:\n{done.stderr[-2000:]}")


async def _counts(dsn: str) -> dict[str, int]:
    """Rows of every table."""
    connection = await open_connection(dsn)
    try:
        tables = [row[0] for row in await connection.fetch(
            "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relkind = 'r'"
            " AND c.relnamespace = 'public'::regnamespace ORDER BY 1"
        )]  # fmt: skip
        found = {}
        for name in tables:
            found[name] = await connection.fetchval(
                f"SELECT count(*) FROM {name}"  # noqa: S608 - quoted by regclass
            )
        return found
    finally:
        await connection.close()


def _ensure_same(before: dict[str, int], after: dict[str, int]) -> None:
    different = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    if different:
        raise ServerFailed(f"not everything arrived ({', '.join(different[:10])}); the old data is as it was")


def _ensure_room(cluster: Cluster) -> None:
    size = sum(file.lstat().st_size for file in cluster.folder.rglob("*") if file.is_file())
    free = shutil.disk_usage(cluster.home).free
    if free < _ROOM * size:
        raise ServerFailed(f"the disk has {free >> 20} MB left; {round(_ROOM * size) >> 20} MB may be needed")
