"""The weeks before: stories of service that went through the real verbs at their own times."""

from yizhan.app.demo.past.played import in_service, names_of_parts, person, told_before, waiting
from yizhan.app.demo.past.stage import Stage, sender_for, speaking_as
from yizhan.app.demo.past.stories import history
from yizhan.app.demo.past.teller import Teller

__all__ = [
    "Stage",
    "Teller",
    "history",
    "in_service",
    "names_of_parts",
    "person",
    "sender_for",
    "speaking_as",
    "told_before",
    "waiting",
]
