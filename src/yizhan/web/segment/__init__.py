"""Events of trackers that speak Segment's HTTP API: a tag manager in the shop's pages, or the shop's own server.

The write key is the inbox's key. It stands in pages, so what comes by it alone is a browser's word; with the inbox's
server secret as the password of Basic auth it is the shop's own, and then a `userId` is believed.
"""

from yizhan.web.segment.handlers import routes

__all__ = ["routes"]
