"""A demo house for the pictures: its own folder and ports, its customers stopped, the simulator beside it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_PATIENCE_S = 180


@dataclass(frozen=True)
class House:
    url: str
    simulator: str | None


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except OSError:
        return False


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    end = time.monotonic() + _PATIENCE_S
    while not _answers(url):
        if process.poll() is not None or time.monotonic() > end:
            raise SystemExit(f"{url} does not answer:\n{log.read_text(encoding='utf-8')[-2000:]}")
        time.sleep(0.5)


@contextmanager
def demo_house() -> Iterator[House]:
    """Begun anew each time, so that the pictures of two days show the same story."""
    with tempfile.TemporaryDirectory(prefix="yizhan-screens-", ignore_cleanup_errors=True) as folder:
        port, beside = _free_port(), _free_port()
        ours = {"YIZHAN_DATA": folder, "YIZHAN_PORT": str(port), "YIZHAN_SIMULATOR_PORT": str(beside)}
        environment = {**os.environ, **ours, "YIZHAN_RATE_LIMIT": "0"}
        running: list[subprocess.Popen[bytes]] = []
        try:
            for words, ready in (
                (["serve", "--demo"], f"http://127.0.0.1:{port}/readyz"),
                (["simulator"], f"http://127.0.0.1:{beside}/"),
            ):
                log = Path(folder, f"{words[0]}.log")
                with log.open("wb") as out:
                    command = [sys.executable, "-m", "yizhan.app.cli", *words]
                    running.append(
                        subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT)  # noqa: S603
                    )
                _wait(running[-1], ready, log)
            yield House(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{beside}")
        finally:
            for process in reversed(running):
                process.send_signal(signal.SIGTERM)
                process.wait(timeout=60)
