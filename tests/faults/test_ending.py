"""The end of `yizhan serve`: told once it finishes what it began, told twice it goes; what it takes while it rests."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.chance import until
from tests.faults.site import Site, furnish, new_site

pytestmark = pytest.mark.slow

_BODY = b'{"messages":[]}'
_MOST_MB = 185  # of them 8 what the assistant of the demo was taught
_REST_SECONDS = 4


async def half_a_request(site: Site) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Under way: its head was read, the last byte of its body is not sent yet."""
    back, to = await asyncio.open_connection("127.0.0.1", site.port)
    to.write(b"POST /hooks/generic/till HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(_BODY) + _BODY[:-1])
    await to.drain()
    return back, to


async def refuses(site: Site) -> bool:
    try:
        _, to = await asyncio.open_connection("127.0.0.1", site.port)
    except OSError:
        return True
    to.close()
    return False


async def ended(site: Site) -> bool:
    return not site.runs


@pytest.mark.parametrize("web", [0, 2])
async def test_told_once_it_takes_nobody_new_and_answers_who_was_there(web: int) -> None:
    with new_site(web) as site:
        await furnish(site)
        site.start()
        await site.ready()
        back, to = await half_a_request(site)
        await asyncio.sleep(0.3)  # the head is with its process by now, whichever it is
        assert site.process is not None
        site.process.send_signal(signal.SIGTERM)
        await until(lambda: refuses(site), 5)
        to.write(_BODY[-1:])
        assert (await back.readline()).startswith(b"HTTP/1.1 4"), "unsigned, but answered"
        to.close()
        await until(lambda: ended(site), 20)
        assert site.process.returncode == 0, site.log()
        assert not site.database_runs


async def test_told_twice_it_goes_at_once_and_the_database_properly() -> None:
    with new_site(1) as site:
        await furnish(site)
        site.start()
        await site.ready()
        connections = [await half_a_request(site) for _ in range(8)]
        await asyncio.sleep(0.3)
        assert site.process is not None
        site.process.send_signal(signal.SIGINT)
        await until(lambda: refuses(site), 5)
        assert site.runs, "it waits for requests under way"
        site.process.send_signal(signal.SIGINT)
        await until(lambda: ended(site), 4)
        assert site.process.returncode == 130, site.log()
        assert not site.database_runs
        for _, to in connections:
            to.close()
            with suppress(OSError):
                await to.wait_closed()


async def test_at_rest_with_the_demo_the_main_process_is_small() -> None:
    with new_site(demo=True) as site:
        site.start()
        await site.ready()
        await asyncio.sleep(_REST_SECONDS)
        assert site.process is not None
        assert resident_mb(site.process.pid) < _MOST_MB


def resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024
