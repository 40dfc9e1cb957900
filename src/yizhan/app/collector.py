"""When Python looks for cycles of garbage: not while many stand at the door.

Nearly all of our garbage goes by counting references. Looking for the rest costs half a microsecond for every young
object, a tenth of all time in a rush, and holds everything up for the time of a tick. So in a rush what is young is put
aside unseen (`gc.freeze`, which costs nothing); what became a cycle meanwhile is found in the next quiet hour.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable

_YOUNG = 5_000  # objects between two short looks: one takes about two milliseconds
_LOOK_SECONDS = 0.25
_MANY = 100_000
_QUIET_SECONDS = 5.0
_BETWEEN_SECONDS = 600.0


def spare_the_collector() -> None:
    """What was made until now stays, and is not looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 100)


async def collect_at_leisure(crowded: Callable[[], bool]) -> None:
    """Until cancelled."""
    loop = asyncio.get_running_loop()
    rushed_at, whole_at, aside = -_QUIET_SECONDS, loop.time(), False
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        now = loop.time()
        if crowded():
            rushed_at = now
            gc.disable()
            if gc.get_count()[0] > _MANY:
                gc.freeze()
                aside = True
            continue
        gc.enable()
        if aside and now - rushed_at > _QUIET_SECONDS and now - whole_at > _BETWEEN_SECONDS:
            gc.unfreeze()
            spare_the_collector()
            whole_at, aside = now, False
