"""Visitors over HTTP: who is on the pages now, and an agent's own 主动邀请."""

from yizhan.web.visitors.handlers import routes
from yizhan.web.visitors.news import VisitorFrames

__all__ = ["VisitorFrames", "routes"]
