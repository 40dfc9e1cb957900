"""What shall happen at a time that means something to people: rows, fired in order, once, by whoever holds the lease.

A timer names its subject and the version the subject had when it was set. The handler gets both and does nothing when
the subject moved on: `if not timer.fits(version): return`.
"""

from yizhan.foundation.timer.model import HeldTimer, NewTimer, Timer
from yizhan.foundation.timer.store import cancel_timers, drop_timers, held_timers, retry_held, set_timer, set_timers
from yizhan.foundation.timer.timers import Handler, Timers

__all__ = [
    "Handler",
    "HeldTimer",
    "NewTimer",
    "Timer",
    "Timers",
    "cancel_timers",
    "drop_timers",
    "held_timers",
    "retry_held",
    "set_timer",
    "set_timers",
]
