"""Notices over HTTP and on the agents' sockets: everybody reads his own."""

from yizhan.web.notices.handlers import routes
from yizhan.web.notices.live import NoticePart

__all__ = ["NoticePart", "routes"]
