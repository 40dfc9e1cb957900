"""黑名单: who is turned away for a while or until somebody lifts it, and who was warned before."""

from yizhan.records.blocks.model import Block, BlockScope, Reason, Warning
from yizhan.records.blocks.service import block, lift, review, warn
from yizhan.records.blocks.store import lock, turned_away, warned_since

__all__ = [
    "Block",
    "BlockScope",
    "Reason",
    "Warning",
    "block",
    "lift",
    "lock",
    "review",
    "turned_away",
    "warn",
    "warned_since",
]
