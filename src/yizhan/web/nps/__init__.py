"""NPS over HTTP: the one page behind an invitation's link, and campaigns, runs and results for who supervises."""

from yizhan.web.nps.doors import doors
from yizhan.web.nps.handlers import routes
from yizhan.web.nps.links import nps_link
from yizhan.web.nps.visiting import NpsQuestion, hear, question_of

__all__ = ["NpsQuestion", "doors", "hear", "nps_link", "question_of", "routes"]
