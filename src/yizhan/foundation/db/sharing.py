"""Several processes, one server: each holds a shared lock on a file while it needs the server; the last stops it.

The kernel drops the lock of a process however it ends, so no list of processes can ever be wrong.
"""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_log = logging.getLogger(__name__)


class Sharing:
    def __init__(self, home: Path) -> None:
        self._gate = home / "postgres.gate"
        self._users = home / "postgres.users"
        self._handle: int | None = None

    @contextmanager
    def gate(self) -> Iterator[None]:
        """One process at a time starts or stops the server."""
        handle = _open(self._gate)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                _log.info("another process is starting or stopping PostgreSQL, waiting for it")
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def join(self) -> None:
        """Inside the gate: from now on nobody else is the last."""
        self._handle = _open(self._users)
        fcntl.flock(self._handle, fcntl.LOCK_SH)

    def alone(self) -> bool:
        """Inside the gate: whether nobody uses the server, and nobody can until the gate opens."""
        handle = _open(self._users)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(handle)
        return True

    def leave(self) -> bool:
        """Inside the gate: True for the last one, who must stop the server."""
        if self._handle is None:
            return False
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(self._handle)
            self._handle = None
        return True


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
