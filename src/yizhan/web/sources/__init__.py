"""Sources over HTTP: programs push customers and orders, with an outcome for each row."""

from yizhan.web.sources.handlers import routes

__all__ = ["routes"]
