"""Ratings 满意度: who was asked, what was said, and 差评申诉 against it.

What a thread and a list show of a rating lies on its conversation; `conversation.rated` tells the journal of it.
"""

from yizhan.records.ratings.model import Appeal, AppealState, Cause, RatingRecord, Survey, Way
from yizhan.records.ratings.policy import LOW_STARS, is_low, rated_agent
from yizhan.records.ratings.service import appeal, decide, follow_up
from yizhan.records.ratings.store import asked_since, find_rating, keep, keep_surveys, lock_rating, survey_of

__all__ = [
    "LOW_STARS",
    "Appeal",
    "AppealState",
    "Cause",
    "RatingRecord",
    "Survey",
    "Way",
    "appeal",
    "asked_since",
    "decide",
    "find_rating",
    "follow_up",
    "is_low",
    "keep",
    "keep_surveys",
    "lock_rating",
    "rated_agent",
    "survey_of",
]
