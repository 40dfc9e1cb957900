"""The counter over HTTP: a shop's day, who stands there, and appointments passed on from a chat."""

from yizhan.web.counter.booking import routes as booking_routes
from yizhan.web.counter.handlers import routes as counter_routes
from yizhan.web.counter.parts import AppointmentPart

routes = (*counter_routes, *booking_routes)

__all__ = ["AppointmentPart", "routes"]
