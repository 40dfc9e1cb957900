"""Segments over HTTP: the list, the count while one is edited, members, the file of them, and whose somebody's are."""

from yizhan.web.segments.handlers import routes
from yizhan.web.segments.listing import members_page

__all__ = ["members_page", "routes"]
