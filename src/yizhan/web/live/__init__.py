"""The agents' socket: rows as they change, who types, who looks at the same ticket."""

from yizhan.web.live.handlers import agent_socket
from yizhan.web.live.line import BAD_INPUT, AnySocket, converse
from yizhan.web.live.parts import OfferPart

routes = [agent_socket]

__all__ = ["BAD_INPUT", "AnySocket", "OfferPart", "converse", "routes"]
