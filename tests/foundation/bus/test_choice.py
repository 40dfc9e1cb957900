"""Which bus an address means."""

import subprocess
import sys

import pytest

from yizhan.foundation.bus import LocalBus, NatsBus, PostgresBus, open_bus
from yizhan.foundation.db import Database
from yizhan.foundation.errors import Invalid


async def test_the_address_chooses(db: Database) -> None:
    assert isinstance(open_bus("local", db), LocalBus)
    assert isinstance(open_bus("postgres", db), PostgresBus)
    assert isinstance(open_bus("nats://bus:4222", db), NatsBus)
    with pytest.raises(Invalid):
        open_bus("redis://bus", db)


def test_no_client_is_loaded_before_it_is_needed() -> None:
    program = (
        "import sys, yizhan.foundation.bus, yizhan.foundation.blobs, yizhan.foundation.http; "
        "loaded = {'nats', 'obstore', 'httpx', 'httpcore', 'rich'} & set(sys.modules); assert not loaded, loaded"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
