"""Where figures are measured: a database of its own, or the whole product as a user starts it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PORT = int(os.environ.get("YIZHAN_BENCH_PORT", "8917"))


@contextmanager
def folder() -> Iterator[Path]:
    """On the disk where the product would keep its data: durable writes are part of every figure."""
    here = Path(tempfile.mkdtemp(prefix="yizhan-bench-"))
    try:
        yield here
    finally:
        shutil.rmtree(here, ignore_errors=True)


def environment(data: Path) -> dict[str, str]:
    """Settings of the benchmark itself are none of the product's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("YIZHAN_BENCH_")}
    return {**kept, "YIZHAN_DATA": str(data), "YIZHAN_PORT": str(PORT), "YIZHAN_RATE_LIMIT": "0",
            "YIZHAN_LOG_LEVEL": "warning"}  # fmt: skip


@dataclass
class Product:
    url: str
    data: Path
    process: subprocess.Popen[bytes]
    ready_seconds: float


@contextmanager
def product(data: Path, *, demo: bool = True) -> Iterator[Product]:
    """`yizhan serve` in a process of its own, without rate limits, stopped by its id."""
    env = environment(data)
    started = time.perf_counter()
    flag = "--demo" if demo else "--no-demo"
    process = subprocess.Popen(
        [sys.executable, "-m", "yizhan.app.cli", "serve", flag], env=env, stdout=subprocess.PIPE
    )
    try:
        _wait_ready(process)
        yield Product(f"http://127.0.0.1:{PORT}", data, process, time.perf_counter() - started)
    finally:
        process.terminate()
        process.wait(30)


def _wait_ready(process: subprocess.Popen[bytes]) -> None:
    """It says so itself when it listens; then it is asked."""
    assert process.stdout is not None
    threading.Thread(target=_await_word, args=(process, said := threading.Event()), daemon=True).start()
    if not said.wait(120) or process.poll() is not None:
        raise RuntimeError(f"the product did not get ready, or ended: {process.poll()}")
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/readyz", timeout=10) as answer:
        if answer.status != 200:
            raise RuntimeError(f"the product is not ready: {answer.status}")


def _await_word(process: subprocess.Popen[bytes], said: threading.Event) -> None:
    """Until its output ends, so that the pipe never fills."""
    assert process.stdout is not None
    for line in process.stdout:
        if b"ready in" in line:
            said.set()
    said.set()


def rest(product: Product, seconds: float) -> None:
    """Lets it be. One that ends meanwhile has no figure."""
    try:
        ended = product.process.wait(seconds)
    except subprocess.TimeoutExpired:
        return
    raise RuntimeError(f"the product ended with {ended}")


def tree_cpu(pid: int) -> tuple[float, float]:
    """Seconds of processor the process itself took so far, and all below it: for the product, its PostgreSQL."""
    own = below = 0.0
    for each in _tree(pid):
        try:
            fields = Path(f"/proc/{each}/stat").read_text().rsplit(") ", 1)[1].split()
        except OSError:
            continue
        # With those of children that ended and were waited for.
        seconds = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
        if each == pid:
            own += seconds
        else:
            below += seconds
    return own, below


def spent(before: tuple[float, float], after: tuple[float, float], messages: int) -> dict[str, int]:
    """Microseconds of processor a message: unlike a rate it does not hang on what else the machine does."""
    own, below = ((b - a) / messages * 1e6 for a, b in zip(before, after, strict=True))
    return {"product": round(own), "postgresql": round(below)}


def tree_rss(pid: int) -> dict[int, int]:
    """Proportional set size in bytes of a process and all below it: shared pages are counted once."""
    found: dict[int, int] = {}
    for each in _tree(pid):
        try:
            rollup = Path(f"/proc/{each}/smaps_rollup").read_text()
        except OSError:
            continue
        found[each] = next(int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Pss:"))
    return found


def _tree(pid: int) -> list[int]:
    """The process and all below it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(") ", 1)[1].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found: list[int] = []
    queue = [pid]
    while queue:
        found.append(queue.pop())
        queue += children.get(found[-1], [])
    return found
