"""Service levels over HTTP: what was promised about a ticket, and why this time. Policies are under /config."""

from yizhan.web.sla.handlers import routes

__all__ = ["routes"]
