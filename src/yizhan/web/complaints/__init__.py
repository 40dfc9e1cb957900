"""Complaints over HTTP: the panel of a ticket, the ladder, compensations and approvals, outside cases, evidence."""

from yizhan.web.complaints.handlers import routes

__all__ = ["routes"]
