"""The guide over HTTP: how far one is oneself, nobody else's to read."""

from yizhan.web.guides.handlers import routes

__all__ = ["routes"]
