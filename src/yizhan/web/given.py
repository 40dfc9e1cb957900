"""What a handler may ask for by the name of its parameter: `services`, `viewer`, `session`, `call`."""

from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from yizhan.records.access import Session
from yizhan.records.agents import Viewer
from yizhan.web.call import Call
from yizhan.web.services import Services

GivenServices = NamedDependency[Services]
GivenViewer = NamedDependency[Viewer]
"""Who asks: hand it to every read of the floors below."""
GivenSession = NamedDependency[Session | None]
"""None for a program with an API token."""
GivenCall = NamedDependency[Call]
"""For handlers that change something."""

__all__ = ["FromPath", "FromQuery", "GivenCall", "GivenServices", "GivenSession", "GivenViewer", "JSONBody"]
