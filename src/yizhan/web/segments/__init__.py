"""Segments over HTTP: the list, the count while one is edited, members, the file of them, and whose somebody's are."""

from yizhan.web.segments.handlers import routes

__all__ = ["routes"]
