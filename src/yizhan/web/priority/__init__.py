"""Priority over HTTP: why a ticket is as urgent as it is, and what other rules would change."""

from yizhan.web.priority.handlers import routes

__all__ = ["routes"]
