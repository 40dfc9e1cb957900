"""Ratings 满意度: who was asked, what was said, and 差评申诉 against it.

What a thread and a list show of a rating lies on its conversation; `conversation.rated` tells the journal of it.
"""

from yizhan.records.ratings.model import (
    Appeal,
    AppealState,
    Cause,
    RatingRecord,
    Survey,
    TicketRating,
    TicketSurvey,
    Way,
)
from yizhan.records.ratings.policy import LOW_STARS, is_low, rated_agent
from yizhan.records.ratings.service import appeal, ask_about_ticket, decide, follow_up, follow_up_ticket, rate_ticket
from yizhan.records.ratings.store import (
    asked_since,
    find_rating,
    find_ticket_rating,
    keep,
    keep_surveys,
    lock_rating,
    survey_of,
    ticket_survey_of,
)

__all__ = [
    "LOW_STARS",
    "Appeal",
    "AppealState",
    "Cause",
    "RatingRecord",
    "Survey",
    "TicketRating",
    "TicketSurvey",
    "Way",
    "appeal",
    "ask_about_ticket",
    "asked_since",
    "decide",
    "find_rating",
    "find_ticket_rating",
    "follow_up",
    "follow_up_ticket",
    "is_low",
    "keep",
    "keep_surveys",
    "lock_rating",
    "rate_ticket",
    "rated_agent",
    "survey_of",
    "ticket_survey_of",
]
