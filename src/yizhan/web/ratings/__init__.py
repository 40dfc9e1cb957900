"""Ratings 满意度 over HTTP: a page behind a signed link for customers, what was said for agents."""

from yizhan.web.ratings.doors import doors as conversation_doors
from yizhan.web.ratings.handlers import routes
from yizhan.web.ratings.links import rate_link, ticket_link
from yizhan.web.ratings.page import html, language_of, page_of
from yizhan.web.ratings.ticket_doors import doors as ticket_doors

doors = (*conversation_doors, *ticket_doors)

__all__ = ["doors", "html", "language_of", "page_of", "rate_link", "routes", "ticket_link"]
