"""Satisfaction 满意度 at the desk: customers are asked once, low ratings are followed up by somebody else.

Who is to know is told by the event `notice.raised` (`rating.low`, `rating.overdue`, `rating.appealed`,
`rating.decided`). Of a channel that counts our messages some are kept for asking: `reserve_messages`.
"""

from yizhan.desk.satisfaction.following import follow_up, tell_appeal
from yizhan.desk.satisfaction.jobs import register_timers, satisfaction_reader
from yizhan.desk.satisfaction.matters import rate_ticket
from yizhan.desk.satisfaction.rules import SATISFACTION, SatisfactionBook, satisfaction_book
from yizhan.desk.satisfaction.service import Given, RateLink, invite, rate

__all__ = [
    "SATISFACTION",
    "Given",
    "RateLink",
    "SatisfactionBook",
    "follow_up",
    "invite",
    "rate",
    "rate_ticket",
    "register_timers",
    "satisfaction_book",
    "satisfaction_reader",
    "tell_appeal",
]
