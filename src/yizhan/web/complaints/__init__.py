"""Complaints over HTTP: the panel of a ticket, the ladder, compensations and approvals, outside cases, evidence."""

from yizhan.web.complaints.handlers import routes
from yizhan.web.complaints.parts import ComplaintPart

__all__ = ["ComplaintPart", "routes"]
