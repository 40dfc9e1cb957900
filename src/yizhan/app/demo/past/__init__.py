"""The weeks before: stories of service that went through the real verbs at their own times."""

from yizhan.app.demo.past.played import in_service, waiting
from yizhan.app.demo.past.stories import history
from yizhan.app.demo.past.teller import Teller

__all__ = ["Teller", "history", "in_service", "waiting"]
