"""Alerts over HTTP and on supervisors' sockets: what fires, who has it, what was. Rules are under /config."""

from yizhan.web.alerts.handlers import routes
from yizhan.web.alerts.live import AlertPart

__all__ = ["AlertPart", "routes"]
