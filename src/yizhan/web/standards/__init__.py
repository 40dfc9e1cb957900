"""Data standards over HTTP: the report of what is not written as they have it."""

from yizhan.web.standards.handlers import routes

__all__ = ["routes"]
