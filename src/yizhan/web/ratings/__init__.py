"""Ratings 满意度 over HTTP: a page behind a signed link for customers, what was said for agents."""

from yizhan.web.ratings.doors import doors
from yizhan.web.ratings.handlers import routes
from yizhan.web.ratings.links import rate_link
from yizhan.web.ratings.page import html, language_of, page_of

__all__ = ["doors", "html", "language_of", "page_of", "rate_link", "routes"]
