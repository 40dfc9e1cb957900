"""The data folder of the embedded server: made whole or not at all, checked, and freed of what a crash left."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

from yizhan.foundation.db.account import Account
from yizhan.foundation.db.binaries import Binaries, ServerFailed

USER = "yizhan"
DATABASE = "postgres"
PORT = 5432  # names the socket only; the server never listens on the network
_ROOM = 16  # files of 16 MB: a rush fills about one a second
_LONGEST_SOCKET_FOLDER = 80  # bytes; with the file's name it must stay under the 104 of macOS


class Cluster(msgspec.Struct, frozen=True):
    """Everything about one data folder that does not change while it is in use."""

    home: Path  # the product's data folder
    folder: Path
    socket_folder: Path
    binaries: Binaries
    account: Account
    durable: bool
    connections: int = 30

    @property
    def socket(self) -> Path:
        return self.socket_folder / f".s.PGSQL.{PORT}"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    @property
    def pid_file(self) -> Path:
        return self.folder / "postmaster.pid"


def make_whole(cluster: Cluster) -> None:
    """Creates the data folder if there is none. A start killed half-way leaves only a `.init` folder, thrown away."""
    prefix = f"{cluster.folder.name}.init."
    for left in cluster.home.glob(f"{prefix}*"):
        # An orphaned initdb may still be writing; what it leaves is gone at the next start.
        shutil.rmtree(left, ignore_errors=True)
    upgraded = upgraded_folder(cluster)
    if upgraded.exists() and not cluster.folder.exists():
        upgraded.rename(cluster.folder)  # an upgrade was cut off between its last two steps
    if cluster.folder.exists():
        _check_version(cluster)
        return
    fresh = Path(tempfile.mkdtemp(prefix=prefix, dir=cluster.home))
    cluster.account.let_through(cluster.home)
    cluster.account.own(fresh)
    initdb(cluster, fresh)
    if cluster.durable:
        _make_room(cluster, fresh)
    fresh.rename(cluster.folder)
    sync(cluster.home)


def upgraded_folder(cluster: Cluster) -> Path:
    """Where an upgrade puts the data that is moved and verified, just before it takes the place of the old."""
    return cluster.home / f"{cluster.folder.name}.upgraded"


def initdb(cluster: Cluster, folder: Path) -> None:
    command = [
        *cluster.account.prefix,
        cluster.binaries.path("initdb"),
        *("-D", str(folder), "-U", USER, "-A", "trust", "-E", "UTF8", "--no-instructions"),
        *_locale(cluster.binaries.major),
        *([] if cluster.durable else ["--no-sync"]),
    ]
    made = subprocess.run(  # noqa: S603 - no shell
        command, capture_output=True, text=True, env=environment(), stdin=subprocess.DEVNULL, check=False
    )
    if made.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        raise ServerFailed(f"the data folder of PostgreSQL could not be made in {folder.parent}:\n{made.stderr}")


def _make_room(cluster: Cluster, folder: Path) -> None:
    """Files of the write-ahead log before they are needed: to make one (16 MB, synced) holds up every commit of that
    moment by 40 to 60 ms. What was filled and is no longer needed is what the server takes next."""
    fill = "SELECT pg_logical_emit_message(true, 'room', '');\nSELECT pg_switch_wal();\n" * _ROOM
    made = subprocess.run(  # noqa: S603 - no shell
        [*cluster.account.prefix, cluster.binaries.path("postgres"), "--single", "-D", str(folder), "-c",
         "min_wal_size=256MB", "postgres"],
        input=f"{fill}CHECKPOINT;\n", capture_output=True, text=True, env=environment(), check=False,
    )  # fmt: skip
    if made.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        raise ServerFailed(f"the data folder of PostgreSQL could not be made in {folder.parent}:\n{made.stderr}")


def _locale(major: int) -> list[str]:
    """With the locale C, Chinese would not be text to pg_trgm and the search parser."""
    if major < 17:
        return ["--locale=C.UTF-8"]
    ctype = "UTF-8" if sys.platform == "darwin" else "C.UTF-8"
    return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", f"--lc-ctype={ctype}"]


def _check_version(cluster: Cluster) -> None:
    made_by = major_of(cluster.folder)
    if made_by != cluster.binaries.major:
        raise ServerFailed(
            f"the data in {cluster.folder} was made by PostgreSQL {made_by}, but the one installed is "
            f"{cluster.binaries.major}: install {made_by} again, or move the data with `yizhan db upgrade`"
        )


def major_of(folder: Path) -> int:
    return int((folder / "PG_VERSION").read_text().split(".")[0])


def choose_socket_folder(folder: Path, account: Account) -> Path:
    """The data folder itself, which nobody else may enter; a short folder of our own if its path is too long."""
    if len(os.fsencode(folder)) <= _LONGEST_SOCKET_FOLDER:
        return folder
    owner = os.geteuid() if account.uid is None else account.uid
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    if len(os.fsencode(runtime)) > _LONGEST_SOCKET_FOLDER - 30 or account.uid is not None:
        runtime = Path("/tmp")  # noqa: S108 - the folder below is checked to be ours and closed
    short = runtime / f"yizhan-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}"
    if not short.exists():
        short.mkdir(mode=0o700)
        account.own(short)
    status = short.lstat()
    if short.is_symlink() or status.st_uid != owner or status.st_mode & 0o077:
        raise ServerFailed(f"{short} belongs to somebody else: remove it, or choose a data folder with a shorter path")
    return short


def processes(cluster: Cluster) -> list[int]:
    """The PostgreSQL processes that live in the data folder, by their working folder; never by a number in a file."""
    if not Path("/proc/self/cwd").exists():
        return _process_of_pid_file(cluster)
    here = str(cluster.folder)
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if os.readlink(entry / "cwd") == here and (entry / "comm").read_text().strip() == "postgres":
                found.append(int(entry.name))
        except OSError:  # gone meanwhile, or another user's
            continue
    return found


def _process_of_pid_file(cluster: Cluster) -> list[int]:
    pid = postmaster(cluster)
    return [pid] if pid and is_alive(pid) else []


def is_alive(pid: int) -> bool:
    """Whether there is a process of this number, whoever it is."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def postmaster(cluster: Cluster) -> int | None:
    """The process number the server wrote down; whether it lives is for `processes` to say."""
    try:
        return int(cluster.pid_file.read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None


def remove_stale_files(cluster: Cluster) -> None:
    """Only to be called when `processes` found none: after a crash the number in them may be anybody's by now."""
    for path in (cluster.pid_file, cluster.socket, cluster.socket.with_name(f"{cluster.socket.name}.lock")):
        path.unlink(missing_ok=True)


def environment() -> dict[str, str]:
    """Ours without what would change the server's mind behind our back."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"} if sys.platform == "darwin" else {**kept, "TZ": "UTC"}


def sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
