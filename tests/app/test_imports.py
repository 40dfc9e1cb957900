"""What the main process may load: everything else is loaded where it is used, or is a worker's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

MAY = {
    # the web
    "litestar", "msgspec", "uvicorn", "uvloop", "anyio", "sniffio", "multidict", "multipart", "yaml", "click",
    # its store, its secrets, its log
    "asyncpg", "cryptography", "argon2", "structlog",
    # addresses and numbers of customers
    "phonenumbers",
    # what litestar looks for by itself, because others of our packages bring it
    "annotated_types", "attr", "attrs", "greenlet", "pydantic", "pydantic_core", "typing_extensions",
    "typing_inspection", "cython_runtime",
}  # fmt: skip
HEAVY = {"rjieba", "pgqueuer", "imapclient", "nats", "aiosmtplib", "charset_normalizer", "nh3"}

_LOOK = """
import asyncio, sys
from pathlib import Path
from yizhan.app import serve
from yizhan.app.house import open_house
from yizhan.app.services import services_of
from yizhan.app.settings import load_settings
from yizhan.web.app import build_app

async def look(dsn, home):
    async with open_house(load_settings({"YIZHAN_DATA": home}), dsn) as house:
        build_app(services_of(house))
        for loop in house.loops:
            loop.close()
    found = {name.partition(".")[0] for name in sys.modules} - set(sys.stdlib_module_names)
    print(" ".join(sorted(name for name in found if not name.startswith("_"))))

asyncio.run(look(*sys.argv[1:]))
"""


def test_main_loads_what_it_may_and_nothing_heavy(db_dsn: str, tmp_path: Path) -> None:
    shown = subprocess.run(
        [sys.executable, "-c", _LOOK, db_dsn, str(tmp_path)], check=True, capture_output=True, text=True
    )
    found = set(shown.stdout.split()) - {"yizhan", "sitecustomize"}  # the latter is the system's own, on Debian
    assert sorted(found & HEAVY) == [], "loaded before it was needed"
    assert sorted(found - MAY) == [], "add it here with its reason, or import it where it is used"
