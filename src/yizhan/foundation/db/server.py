"""The embedded server: started by who needs it first, stopped by who leaves last. Blocking; call it before the loop."""

import atexit
import contextlib
import logging
import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self
from urllib.parse import quote, urlsplit

from yizhan.foundation.db.account import choose_account
from yizhan.foundation.db.binaries import ServerFailed, find_binaries
from yizhan.foundation.db.cluster import (
    DATABASE,
    PORT,
    USER,
    Cluster,
    choose_socket_folder,
    environment,
    is_alive,
    make_whole,
    postmaster,
    processes,
    remove_stale_files,
)
from yizhan.foundation.db.probe import Answer, probe
from yizhan.foundation.db.sharing import Sharing

_log = logging.getLogger(__name__)
_LAUNCHES = 3
_STUCK = 60.0  # seconds of a server that lives but neither answers nor says that it is recovering
_SAY_SO_EVERY = 10.0
_STOPS_CLEANLY = 30.0  # seconds a stop may take before it is made at once
_LARGE_LOG = 10_000_000

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "128MB",
    "min_wal_size": "256MB",  # the room for the log that `make_whole` made stays
    "update_process_title": "off",
    "huge_pages": "off",
    "jit": "off",
    "max_logical_replication_workers": "0",
    "max_parallel_workers_per_gather": "0",
    "random_page_cost": "1.1",
    "autovacuum_naptime": "15s",  # plans made while a table was empty go on until it is first analysed
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "logging_collector": "off",
}
_NOT_DURABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}


class Server:
    """A running PostgreSQL: ours, shared with other processes of this machine, or one that somebody else runs."""

    def __init__(
        self,
        dsn: str,
        cluster: Cluster | None = None,
        sharing: Sharing | None = None,
        process: "subprocess.Popen[bytes] | None" = None,
    ) -> None:
        self.dsn = dsn
        self._cluster = cluster
        self._sharing = sharing
        self._process = process  # when it was us who launched it: only a parent can clear away a process that ended
        self._owner = os.getpid()
        if sharing:
            atexit.register(self.stop)

    def address_of(self, database: str) -> str:
        """The address of another database of the same server."""
        return urlsplit(self.dsn)._replace(path=f"/{database}").geturl()

    def revive(self) -> bool:
        """Starts the server again if it was killed under us: True when it had to. Cheap while it lives."""
        sharing, cluster = self._sharing, self._cluster
        if sharing is None or cluster is None or self._lives(cluster):
            return False
        with sharing.gate():
            if self._lives(cluster):
                return False
            self._process = ensure_running(cluster)
        return True

    def _lives(self, cluster: Cluster) -> bool:
        if self._process is not None and self._process.poll() is None:
            return True
        pid = postmaster(cluster)
        return pid is not None and is_alive(pid)

    def stop(self) -> None:
        """Leaves the server; the last process to leave stops it. May be called twice."""
        sharing, cluster = self._sharing, self._cluster
        if sharing is None or cluster is None or os.getpid() != self._owner:
            return  # a forked child must not take down what its parent uses
        self._sharing = None
        atexit.unregister(self.stop)
        with sharing.gate():
            if sharing.leave():
                shut_down(cluster, self._process)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


def start_server(
    data_dir: Path, *, durable: bool = True, database_url: str | None = None, connections: int = 30
) -> Server:
    """The server at `database_url` or YIZHAN_DATABASE_URL if given, else the embedded one with its data in `data_dir`.

    Not durable means a crash of the machine may lose everything: for tests only. Crash recovery may take as long as
    it needs. From the first call on, SIGTERM ends this process like sys.exit, so that the server is left properly.
    """
    if url := database_url or os.environ.get("YIZHAN_DATABASE_URL"):
        return Server(url)
    data_dir = data_dir.resolve()
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    sharing = Sharing(data_dir)
    with sharing.gate():
        cluster = describe(data_dir, durable, connections)
        make_whole(cluster)
        sharing.join()
        try:
            process = ensure_running(cluster)
        except BaseException:
            if sharing.leave():
                shut_down(cluster, None)
            raise
    _exit_on_sigterm()
    return Server(dsn_of(cluster), cluster, sharing, process)


def describe(data_dir: Path, durable: bool, connections: int) -> Cluster:
    folder = data_dir / "postgres"
    account = choose_account(folder)
    sockets = choose_socket_folder(folder, account)
    return Cluster(data_dir, folder, sockets, find_binaries(), account, durable, connections)


def dsn_of(cluster: Cluster) -> str:
    return f"postgresql://{USER}@/{DATABASE}?host={quote(str(cluster.socket_folder), safe='/')}&port={PORT}"


def ensure_running(cluster: Cluster) -> "subprocess.Popen[bytes] | None":
    """Launches when nobody is there, waits while somebody is: one that recovers, or one that is still going down."""
    launched: subprocess.Popen[bytes] | None = None
    launches = 0
    watch = _Watch()
    while True:
        answer = probe(cluster.socket, USER, DATABASE)
        if answer is Answer.READY:
            return launched
        starting = launched is not None and launched.poll() is None
        if answer is Answer.NOBODY and not starting and not processes(cluster):
            if launches == _LAUNCHES:
                raise ServerFailed(f"PostgreSQL does not start; the end of {cluster.log}:\n{_tail(cluster.log)}")
            remove_stale_files(cluster)
            launched = _launch(cluster)
            launches += 1
        watch.pause(answer, cluster)


class _Watch:
    """Patience: endless with a server that says it recovers, limited with one that says nothing."""

    def __init__(self) -> None:
        self._began = self._heard = self._said = time.monotonic()

    def pause(self, answer: Answer, cluster: Cluster) -> None:
        now = time.monotonic()
        if answer is Answer.BUSY:
            self._heard = now
        if now - self._heard > _STUCK:
            raise ServerFailed(
                f"PostgreSQL (process {postmaster(cluster)}) runs in {cluster.folder} but does not answer; "
                f"end that process and start again. The end of {cluster.log}:\n{_tail(cluster.log)}"
            )
        if now - self._said > _SAY_SO_EVERY:
            self._said = now
            _log.warning("waiting for PostgreSQL since %.0f s: %s", now - self._began, answer.value)
        time.sleep(0.01 if now - self._began < 1 else 0.1)


def _launch(cluster: Cluster) -> subprocess.Popen[bytes]:
    """In a process session of its own: Ctrl-C must drain us first and reach the server last, through us."""
    settings = _SETTINGS | ({} if cluster.durable else _NOT_DURABLE)
    if cluster.binaries.major >= 18:
        settings |= {"io_method": "sync"}  # without the three workers of the default
    settings |= {"max_connections": str(cluster.connections), "unix_socket_directories": f'"{cluster.socket_folder}"'}
    command = [*cluster.account.prefix, cluster.binaries.path("postgres"), "-D", str(cluster.folder), "-p", str(PORT)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    if cluster.log.exists() and cluster.log.stat().st_size > _LARGE_LOG:
        cluster.log.rename(cluster.log.with_suffix(".log.1"))
    with cluster.log.open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment(),
            start_new_session=True,
        )


def shut_down(cluster: Cluster, process: "subprocess.Popen[bytes] | None") -> None:
    """Clean for durable data; at once for a throw-away server, whose data nobody needs again."""
    pid = postmaster(cluster)
    if pid is None or pid not in processes(cluster):
        return
    os.kill(pid, signal.SIGINT if cluster.durable else signal.SIGQUIT)
    watch, asked_at = _Watch(), time.monotonic()
    while pid in processes(cluster):
        watch.pause(Answer.BUSY, cluster)
        # Asked to stop while it recovers from a crash it may wait for ever. Whatever it confirmed is in its log.
        if time.monotonic() - asked_at > _STOPS_CLEANLY:
            asked_at = time.monotonic()
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT)
    if process:
        process.wait()


def _tail(log: Path) -> str:
    return "\n".join(log.read_text("utf-8", "replace").splitlines()[-15:]) if log.exists() else ""


def _exit_on_sigterm() -> None:
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _exit)


def _exit(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
