"""Changes of many tickets over HTTP: begun, watched, taken back."""

from yizhan.web.bulk.handlers import routes

__all__ = ["routes"]
