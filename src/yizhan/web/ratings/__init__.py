"""Ratings 满意度 over HTTP: a page behind a signed link for customers, what was said for agents."""

from yizhan.web.ratings.doors import doors
from yizhan.web.ratings.handlers import routes
from yizhan.web.ratings.links import rate_link

__all__ = ["doors", "rate_link", "routes"]
