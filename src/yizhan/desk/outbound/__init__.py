"""Outbound: replies leave in order, once, and every failure is told to the agent who wrote them.

A channel offers a `Sender`; this folder decides when it is called and what its answer means.
"""

from yizhan.desk.outbound.jobs import Dispatcher, SocketDelivery
from yizhan.desk.outbound.model import ErrorClass, Letter, LetterFile, Mark, Receipt, Sender, SendFailed
from yizhan.desk.outbound.service import note_bounce, note_report, retry

__all__ = [
    "Dispatcher",
    "ErrorClass",
    "Letter",
    "LetterFile",
    "Mark",
    "Receipt",
    "SendFailed",
    "Sender",
    "SocketDelivery",
    "note_bounce",
    "note_report",
    "retry",
]
