"""What `yizhan serve` starts below itself: python -m yizhan.app.child web FD | worker | plant"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping
from datetime import timedelta

from yizhan.app import ending
from yizhan.app.children import leave_with_parent
from yizhan.app.ending import Ending
from yizhan.app.settings import Settings, load_settings
from yizhan.foundation.log import configure

PARENT = "_YIZHAN_PARENT"  # not a setting: those begin with YIZHAN_
_IDLE = timedelta(minutes=3)


def child_environment(settings: Settings, dsn: str, given: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The settings as the main process found and completed them, with the database it started."""
    ours = {
        "YIZHAN_DATA": str(settings.data_dir), "YIZHAN_DATABASE_URL": dsn, "YIZHAN_BUS_URL": settings.bus_url,
        "YIZHAN_HOST": settings.host, "YIZHAN_PORT": str(settings.port), "YIZHAN_PUBLIC_URL": settings.public_url,
        "YIZHAN_DEMO": str(settings.demo).lower(), "YIZHAN_WEB": "0", PARENT: str(os.getpid()),
    }  # fmt: skip
    return {**given, **ours}


async def _live(part: str, rest: list[str], settings: Settings, end: Ending) -> None:
    leave_with_parent(int(os.environ[PARENT]), end.told)
    if part == "plant":
        await _plant(settings)
        return
    from yizhan.app.nodes import serve_web, work_here

    if part == "web":
        from yizhan.app.demo import open_remote_demo

        await serve_web(settings, socket.socket(fileno=int(rest[0])), end, open_remote_demo)
    else:
        await work_here(settings, end, idle=_IDLE)


async def _plant(settings: Settings) -> None:
    from yizhan.app.demo import plant_demo
    from yizhan.app.house import open_house

    assert settings.database_url is not None
    async with open_house(settings, settings.database_url, parts=frozenset()) as house:
        for loop in house.loops:
            loop.close()  # nothing runs here
        await plant_demo(house)


def main(part: str, *rest: str) -> None:
    settings = load_settings(new_keys=False)
    configure(settings.log_level, settings.log_json)
    ending.run(lambda end: _live(part, list(rest), settings, end))


if __name__ == "__main__":
    main(*sys.argv[1:])
