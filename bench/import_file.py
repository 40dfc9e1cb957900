"""`import_file`: rows a second of a large CSV as somebody brings it: sent up in parts, tried, taken in by the worker of
a running product, one row in a hundred broken in one of five ways; and how much memory the worker takes meanwhile."""

from __future__ import annotations

import csv
import os
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from bench import places
from bench.house import Person, staffed
from bench.report import figure

ROWS = int(os.environ.get("YIZHAN_BENCH_ROWS", "100000"))
_BROKEN_EVERY = 100
_LOOK_S = 0.5
_MB = 1 << 20


def run() -> None:
    with places.folder() as data, staffed(data, 0) as house:
        broken = _write(data / "members.csv")
        watch = _Watch(house.product)
        id = _send_up(house.chief, data / "members.csv")
        tried, dry_s = _through(house.chief, id, dry=True)
        told, seconds = _through(house.chief, id, dry=False)
        again, again_s = _through(house.chief, id, dry=False)
        started = time.perf_counter()
        listed = [int(row[0]) for row in islice(csv.reader(_text(house.chief, id)), 1, None)]
        faults_s = time.perf_counter() - started
        memory = watch.over()
    good = ROWS - len(broken)
    _expect("the dry run", tried["counts"], {"created": good, "refused": len(broken)})
    _expect("the import", told["counts"], {"created": good, "refused": len(broken)})
    _expect("the second run", again["counts"], {"unchanged": good, "refused": len(broken)})
    _expect("the file of errors", listed, broken)
    figure("import_file", ROWS / seconds, "rows/s", goal=">= 2500", limit=ROWS / dry_s, ratio=dry_s / seconds, detail={
        "rows": ROWS, "refused": len(broken), "limit_is": "the dry run of the same file",
        "again_rows_per_s": round(ROWS / again_s), "error_file_s": round(faults_s, 2), "worker_mb": memory,
    })  # fmt: skip


def _write(path: Path) -> list[int]:
    """The lines of the file that are broken, in their order."""
    proved = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    broken: list[int] = []
    with path.open("wb") as file:
        file.write("客户编号,姓名,手机号,城市,积分,生日,验证时间\n".encode())
        for n in range(ROWS):
            good = f"{n},客户{n},{13_000_000_000 + n},杭州,{n % 9000},1990-03-07,{proved}"
            if n % _BROKEN_EVERY == _BROKEN_EVERY - 1:
                broken.append(n + 2)
                file.write(_broken(n // _BROKEN_EVERY % 5, n, good) + b"\r\n")
            else:
                file.write(good.encode() + b"\n")
    return broken


def _broken(how: int, n: int, good: str) -> bytes:
    if how == 0:
        return f"{n},客户{n},12,杭州,1,1990-03-07,".encode()  # no mobile number
    if how == 1:
        return f"{n},客户{n},,杭州,1,1990-02-30,".encode()  # no such day
    if how == 2:
        return f"{good},one,cell,more".encode()
    if how == 3:
        return f'{n},"客户{n},,杭州,1,1990-03-07,'.encode()  # a quotation mark that is never closed
    return good.replace("杭州", "\udcba\udcbc").encode("utf-8", "surrogateescape")  # of another encoding


def _send_up(chief: Person, path: Path) -> str:
    wanted = {"kind": "profiles", "source": "crm", "name": path.name, "size": path.stat().st_size}
    made = chief.ask("POST", "/imports", wanted)
    with path.open("rb") as file:
        for place, part in enumerate(iter(lambda: file.read(made["part_bytes"]), b"")):
            chief.send(f"/imports/{made['id']}/parts/{place}", part)
    return str(made["id"])


def _through(chief: Person, id: str, *, dry: bool) -> tuple[dict[str, Any], float]:
    """How it ended, and after how long. Progress never goes back."""
    seen = chief.ask("POST", f"/imports/{id}/look", {})
    plan = {"columns": [each["guess"] for each in seen["columns"]], "encoding": seen["encoding"],
            "delimiter": seen["delimiter"]}  # fmt: skip
    started = time.perf_counter()
    told = chief.ask("POST", f"/imports/{id}/start", {"plan": plan, "dry": dry})
    done = 0.0
    while told["state"] == "running":
        threading.Event().wait(_LOOK_S)  # progress of another process has no clock of ours
        told = chief.ask("GET", f"/imports/{id}")
        if told["done"] < done:
            raise RuntimeError(f"progress went back from {done} to {told['done']}")
        done = told["done"]
    return told, time.perf_counter() - started


def _text(chief: Person, id: str) -> Iterator[str]:
    return (line.decode("utf-8-sig") for line in chief.lines(f"/imports/{id}/faults.csv"))


def _expect(what: str, told: object, wanted: object) -> None:
    if told != wanted:
        raise RuntimeError(f"{what}: {str(told)[:300]} instead of {str(wanted)[:300]}")


class _Watch:
    """The memory of the product's worker, looked at twice a second."""

    def __init__(self, product: places.Product) -> None:
        self._pid = product.process.pid
        self._seen: list[int] = []
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def over(self) -> dict[str, int]:
        """In the middle of the first tenth of the time, in that of the last one, and at most."""
        self._end.set()
        self._thread.join()
        tenth = max(1, len(self._seen) // 10)
        first, last = sorted(self._seen[:tenth]), sorted(self._seen[-tenth:])
        return {"first": first[len(first) // 2], "last": last[len(last) // 2], "most": max(self._seen)}

    def _look(self) -> None:
        while not self._end.wait(_LOOK_S):
            for pid, size in places.tree_rss(self._pid).items():
                if _is_worker(pid):
                    self._seen.append(size // _MB)


def _is_worker(pid: int) -> bool:
    try:
        return b"yizhan.app.child\0worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
