"""The embedded server through everything that happens to servers: real processes, real signals."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from yizhan.foundation.db import Server, ServerFailed, account, cluster, open_connection, start_server

# Starts the server, says so, and stays until its input ends.
_USER_OF_A_SERVER = """
import sys
from pathlib import Path
from yizhan.foundation.db import start_server
server = start_server(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def no_other_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YIZHAN_DATABASE_URL", raising=False)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A data folder; whatever a test leaves running in it is ended."""
    yield tmp_path / "data"
    for pid in living(tmp_path / "data"):
        os.kill(pid, signal.SIGKILL)


def living(home: Path) -> list[int]:
    """All processes whose working folder is the data folder."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.readlink(entry / "cwd") == str(home / "postgres"):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def postmaster(home: Path) -> int:
    return int((home / "postgres" / "postmaster.pid").read_text().split("\n")[0])


def ask(server: Server, *statements: str) -> object:
    """The answer to the last statement."""

    async def run() -> object:
        connection = await open_connection(server.dsn)
        try:
            for statement in statements[:-1]:
                await connection.execute(statement)
            return await connection.fetchval(statements[-1])
        finally:
            await connection.close()

    return asyncio.run(run())


def write_rows(server: Server) -> None:
    ask(server, "CREATE TABLE kept (id int)", "INSERT INTO kept SELECT generate_series(1, 1000) RETURNING id")


def user_of(home: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", _USER_OF_A_SERVER, str(home)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def await_ready(process: "subprocess.Popen[str]") -> None:
    assert process.stdout
    assert process.stdout.readline() == "ready\n"


def end(process: "subprocess.Popen[str]") -> int:
    process.communicate(timeout=30)
    return process.returncode


@pytest.mark.slow
def test_keeps_its_data_from_one_start_to_the_next(home: Path) -> None:
    with start_server(home) as server:
        write_rows(server)
        assert ask(server, "SHOW fsync") == "on"
        assert ask(server, "SHOW listen_addresses") == ""
        assert ask(server, "SHOW shared_buffers") == "128MB"
        assert (home / "postgres").stat().st_mode & 0o777 == 0o700
    assert living(home) == []
    assert "database system is shut down" in (home / "postgres.log").read_text()
    with start_server(home) as server:
        assert ask(server, "SELECT count(*) FROM kept") == 1000


def test_a_kill_of_every_process_loses_no_row(home: Path) -> None:
    server = start_server(home)
    write_rows(server)
    for pid in living(home):
        with contextlib.suppress(ProcessLookupError):  # a backend ends by itself once its postmaster is gone
            os.kill(pid, signal.SIGKILL)
    with start_server(home) as again:
        assert ask(again, "SELECT count(*) FROM kept") == 1000
        server.stop()
        assert ask(again, "SELECT 1") == 1, "who still uses it keeps it"
    assert living(home) == []


@pytest.mark.slow
def test_a_kill_of_the_postmaster_alone_loses_no_row(home: Path) -> None:
    server = start_server(home)
    write_rows(server)
    os.kill(postmaster(home), signal.SIGKILL)
    with start_server(home) as again:
        assert ask(again, "SELECT count(*) FROM kept") == 1000
    server.stop()


@pytest.mark.slow
def test_a_stop_that_does_not_end_is_made_at_once_and_loses_no_row(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when it is asked to stop in the middle of a recovery."""
    monkeypatch.setattr("yizhan.foundation.db.server._STOPS_CLEANLY", 0.2)
    with start_server(home) as server:
        write_rows(server)
        stuck = ask(server, "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'")
        assert isinstance(stuck, int)
        os.kill(stuck, signal.SIGSTOP)
    assert living(home) == []
    with start_server(home) as server:
        assert ask(server, "SELECT count(*) FROM kept") == 1000


@pytest.mark.slow
def test_a_process_number_that_is_somebody_elses_by_now_does_not_stop_the_start(home: Path) -> None:
    with start_server(home, durable=False):
        pass
    for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
        (home / "postgres" / name).write_text(f"{os.getppid()}\n{home / 'postgres'}\n0\n5432\n")
    with start_server(home, durable=False) as server:
        assert ask(server, "SELECT 1") == 1


@pytest.mark.slow
def test_a_server_whose_user_was_killed_is_found_again_and_stopped_by_the_last(home: Path) -> None:
    killed = user_of(home)
    await_ready(killed)
    first = postmaster(home)
    killed.kill()
    end(killed)
    with start_server(home) as server:
        assert postmaster(home) == first
        assert ask(server, "SELECT 1") == 1
    assert living(home) == []


@pytest.mark.slow
def test_two_that_start_at_once_share_one_server_and_the_last_stops_it(home: Path) -> None:
    one, other = user_of(home), user_of(home)
    await_ready(one)
    await_ready(other)
    shared = postmaster(home)
    end(one)
    assert shared in living(home)
    with start_server(home) as third:
        end(other)
        assert postmaster(home) == shared
        assert ask(third, "SELECT 1") == 1
    assert living(home) == []


def test_a_first_start_killed_half_way_is_begun_anew(home: Path) -> None:
    victim = user_of(home)
    while not any(home.glob("postgres.init.*/base")):
        assert victim.poll() is None
    victim.kill()
    end(victim)
    assert not (home / "postgres").exists()
    with start_server(home) as server:
        write_rows(server)
    with start_server(home) as server:
        assert ask(server, "SELECT count(*) FROM kept") == 1000
    assert list(home.glob("postgres.init.*")) == []


@pytest.mark.slow
def test_sigterm_stops_the_server_too(home: Path) -> None:
    process = user_of(home)
    await_ready(process)
    process.send_signal(signal.SIGTERM)
    assert end(process) == 128 + signal.SIGTERM
    assert living(home) == []
    assert "database system is shut down" in (home / "postgres.log").read_text()


def test_ctrl_c_does_not_reach_the_server(home: Path) -> None:
    with start_server(home, durable=False):
        assert os.getsid(postmaster(home)) != os.getsid(0)
        assert os.getpgid(postmaster(home)) != os.getpgid(0)


def test_a_forked_child_does_not_take_the_server_down(home: Path) -> None:
    with start_server(home, durable=False) as server:
        child = os.fork()
        if child == 0:
            server.stop()
            os._exit(0)
        os.waitpid(child, 0)
        assert ask(server, "SELECT 1") == 1


def test_stopping_twice_is_stopping_once(home: Path) -> None:
    server = start_server(home, durable=False)
    server.stop()
    server.stop()
    assert living(home) == []


def test_refuses_the_data_of_another_version(home: Path) -> None:
    (home / "postgres").mkdir(parents=True)
    (home / "postgres" / "PG_VERSION").write_text("12\n")
    with pytest.raises(ServerFailed, match=r"made by PostgreSQL 12.*yizhan db upgrade"):
        start_server(home)


def test_says_why_it_does_not_start(home: Path) -> None:
    with start_server(home, durable=False):
        pass
    (home / "postgres" / "postgresql.conf").write_text("work_mem = plenty\n")
    with pytest.raises(ServerFailed, match=r"does not start[\s\S]*work_mem"):
        start_server(home, durable=False)


def test_a_long_path_gets_a_short_private_socket_folder(tmp_path: Path) -> None:
    long = tmp_path / ("very" * 30)
    with start_server(long, durable=False) as server:
        assert ask(server, "SELECT 1") == 1
        folder = cluster.choose_socket_folder(long / "postgres", account.choose_account(long / "postgres"))
        assert str(folder) in server.dsn
        assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o755)
    with pytest.raises(ServerFailed, match="belongs to somebody else"):
        start_server(long, durable=False)
    shutil.rmtree(folder)


def test_a_given_address_starts_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = "postgresql://yizhan@db.example.cn/yizhan?sslmode=require"
    monkeypatch.setenv("YIZHAN_DATABASE_URL", elsewhere)
    with start_server(home) as server:
        assert server.dsn == elsewhere
        assert server.address_of("other") == "postgresql://yizhan@db.example.cn/other?sslmode=require"
    with start_server(home, database_url="postgresql://first") as server:
        assert server.dsn == "postgresql://first"
    assert not home.exists()


def test_root_without_namespaces_steps_down_to_an_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account, "namespaces_allowed", lambda: False)
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:  # where every account can pass
        home = Path(folder) / "data"
        Path(folder).chmod(0o711)
        with start_server(home, durable=False) as server:
            assert ask(server, "SELECT 1") == 1
            runner = (Path("/proc") / str(postmaster(home))).stat().st_uid
            assert runner != 0
            assert (home / "postgres").stat().st_uid == runner
        monkeypatch.undo()
        with start_server(home, durable=False) as server:
            assert (Path("/proc") / str(postmaster(home))).stat().st_uid == runner, "the files keep their owner"
            assert ask(server, "SELECT 1") == 1


def test_the_account_passes_through_a_private_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account, "namespaces_allowed", lambda: False)
    tmp_path.chmod(0o700)
    with start_server(tmp_path / "home" / "data", durable=False) as server:
        assert ask(server, "SELECT 1") == 1


def test_an_account_that_cannot_reach_the_data_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account, "namespaces_allowed", lambda: False)
    monkeypatch.setattr(account, "_KEPT_RIGHTS", ())
    chosen = account.choose_account(tmp_path)
    closed = tmp_path / "closed"
    (closed / "data").mkdir(parents=True)
    closed.chmod(0o700)
    if chosen.uid is not None:
        with pytest.raises(ServerFailed, match="cannot reach"):
            chosen.let_through(closed / "data")
