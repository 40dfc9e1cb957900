"""运维: how the house itself is doing, for the people who run it. Reading only."""

from yizhan.desk.operations.model import DatabaseState, OutboundState, State
from yizhan.desk.operations.store import state

__all__ = ["DatabaseState", "OutboundState", "State", "state"]
