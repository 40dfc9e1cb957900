"""Folders of this run in memory, where that is a folder: what is written much and synced is ten times faster there."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from yizhan.foundation.db import start_server

_MEMORY = Path("/dev/shm")
_ROOM = 2 * 1024**3
"""Containers often have less: then what is written lies on the disk."""
_PREFIX = "yizhan-run-"
_IN_USE = "in-use"


@contextmanager
def folder() -> Iterator[Path]:
    """Gone when the block ends, with the database server in its `postgres`; after a killed run when the next begins."""
    roomy = os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM
    parent = _MEMORY if roomy else Path(tempfile.gettempdir())
    _clear_up_after_killed_runs(parent)
    with (
        tempfile.TemporaryDirectory(dir=parent, prefix=_PREFIX) as home,
        (Path(home) / _IN_USE).open("w") as in_use,
        _locked(in_use),
    ):
        try:
            yield Path(home)
        finally:
            _stop_server(Path(home))


@contextmanager
def _locked(in_use: IO[str]) -> Iterator[None]:
    """The lock ends with its process, and is seen where process numbers are others: by a container on this memory."""
    fcntl.flock(in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
    yield


def _clear_up_after_killed_runs(parent: Path) -> None:
    for left in parent.glob(f"{_PREFIX}*"):
        try:
            with (left / _IN_USE).open("r") as in_use, _locked(in_use):
                _stop_server(left)
                shutil.rmtree(left, ignore_errors=True)
        except OSError:
            continue  # in use, or being made or cleared up by another run at this moment


def _stop_server(home: Path) -> None:
    """Of whoever was killed and left it running: found again, and ended by its last user."""
    if (home / "postgres" / "postmaster.pid").exists():
        start_server(home, durable=False).stop()
