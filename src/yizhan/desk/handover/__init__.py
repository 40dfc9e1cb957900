"""Hand-over 交接班: nobody goes home with a customer in hand; what was left is on the next one's first screen."""

from yizhan.desk.handover.jobs import handover_reader, register_timers
from yizhan.desk.handover.model import ChatChoice, Given, Left, Received, Sheet, TicketChoice
from yizhan.desk.handover.service import hand_over, received, see, sheet

__all__ = [
    "ChatChoice",
    "Given",
    "Left",
    "Received",
    "Sheet",
    "TicketChoice",
    "hand_over",
    "handover_reader",
    "received",
    "register_timers",
    "see",
    "sheet",
]
