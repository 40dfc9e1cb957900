"""运维: how the house itself is doing, for the people who run it. Reading only."""

from yizhan.desk.operations.model import (
    Alarm,
    DatabaseState,
    Disk,
    HeldWork,
    InboxTraffic,
    OutboundState,
    ReaderState,
    Retried,
    State,
)
from yizhan.desk.operations.policy import ORPHANS, alarms
from yizhan.desk.operations.store import held, orphans, state, traffic

__all__ = [
    "ORPHANS",
    "Alarm",
    "DatabaseState",
    "Disk",
    "HeldWork",
    "InboxTraffic",
    "OutboundState",
    "ReaderState",
    "Retried",
    "State",
    "alarms",
    "held",
    "orphans",
    "state",
    "traffic",
]
