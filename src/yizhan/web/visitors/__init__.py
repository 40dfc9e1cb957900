"""Visitors over HTTP: who is on the pages now, and an agent's own 主动邀请."""

from yizhan.web.visitors.handlers import routes

__all__ = ["routes"]
