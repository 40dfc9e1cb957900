"""What shall happen at a time that means something to people: rows, fired in order, once, by whoever holds the lease.

A timer names its subject and the version the subject had when it was set. The handler gets both and does nothing when
the subject moved on: `if not timer.fits(version): return`.
"""

from yizhan.foundation.timer.model import HeldTimer, Timer
from yizhan.foundation.timer.store import cancel_timers, held_timers, retry_held, set_timer
from yizhan.foundation.timer.timers import Handler, Timers

__all__ = [
    "Handler",
    "HeldTimer",
    "Timer",
    "Timers",
    "cancel_timers",
    "held_timers",
    "retry_held",
    "set_timer",
]
