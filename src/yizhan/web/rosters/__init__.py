"""Rosters over HTTP: shifts, leave, import, who is on duty; breaks with their line; 交接班."""

from yizhan.web.rosters.handlers import routes as _planning
from yizhan.web.rosters.handover import routes as _handover
from yizhan.web.rosters.presence import routes as _presence

routes = (*_planning, *_presence, *_handover)

__all__ = ["routes"]
