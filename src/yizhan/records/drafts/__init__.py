"""Drafts 草稿: what an agent wrote in a conversation and has not sent, kept for his other devices.

One a conversation and agent, nobody else's to read. Nothing is written over what the writer's device has not seen.
"""

from yizhan.records.drafts.model import Content, DraftDevice, File, Sealed
from yizhan.records.drafts.service import KEPT_FOR, end, forget_old, keep, opened
from yizhan.records.drafts.store import draft

__all__ = ["KEPT_FOR", "Content", "DraftDevice", "File", "Sealed", "draft", "end", "forget_old", "keep", "opened"]
