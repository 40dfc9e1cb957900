"""The phone of an absent visitor rings: once for each absence, through the service with which his app registered.

Who has not read an answer some seconds after it came is rung, all his devices at once; then not again until he was
heard of. What rings is the port `Pusher`; a device of which its vendor says that it is gone is forgotten.
"""

from yizhan.desk.push.jobs import PUSH, push_reader, register_timers, ringing
from yizhan.desk.push.model import (
    Device,
    Fate,
    Provider,
    PushAccount,
    Pusher,
    PushFailed,
    PushSettings,
    Ring,
)
from yizhan.desk.push.policy import configured
from yizhan.desk.push.service import adopt, forget_old, register, withdraw

__all__ = [
    "PUSH",
    "Device",
    "Fate",
    "Provider",
    "PushAccount",
    "PushFailed",
    "PushSettings",
    "Pusher",
    "Ring",
    "adopt",
    "configured",
    "forget_old",
    "push_reader",
    "register",
    "register_timers",
    "ringing",
    "withdraw",
]
