"""Whether this process lives, whether it can serve, and what it counts."""

from yizhan.web.health.handlers import healthy, ready

routes = [healthy, ready]

__all__ = ["routes"]
