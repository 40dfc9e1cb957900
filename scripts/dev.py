"""Development: the server, started again whenever a Python or SQL file changes, beside Vite's hot reload."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from scripts import frontend

SOURCES = Path(__file__).resolve().parent.parent / "src" / "yizhan"
SUFFIXES = {".py", ".sql", ".html"}


def newest_change() -> float:
    return max(path.stat().st_mtime for path in SOURCES.rglob("*") if path.suffix in SUFFIXES)


def serve() -> subprocess.Popen[bytes]:
    environment = {"YIZHAN_DATA": ".yizhan", **os.environ}
    command = [str(Path(sys.executable).with_name("yizhan")), "serve", "--demo"]
    return subprocess.Popen(command, env=environment)  # noqa: S603


def main() -> None:
    frontend.build()  # the widget and the SDK are served as built; only the workbench reloads hot
    threading.Thread(target=frontend.npm, args=("run", "dev", "--workspace", "workbench"), daemon=True).start()
    server, seen = serve(), newest_change()
    try:
        while True:
            time.sleep(0.5)
            if (changed := newest_change()) != seen:
                seen = changed
                server.terminate()
                server.wait()
                server = serve()
    except KeyboardInterrupt:
        server.wait()


if __name__ == "__main__":
    main()
