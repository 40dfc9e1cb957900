"""Views over HTTP: those somebody has, what they may ask, their numbers, their order."""

from yizhan.web.saved_views.handlers import routes

__all__ = ["routes"]
