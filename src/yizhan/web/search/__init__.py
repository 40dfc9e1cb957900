"""Search over HTTP."""

from yizhan.web.search.handlers import routes

__all__ = ["routes"]
