"""Whether this process lives, whether it can serve, and what it counts."""

from yizhan.web.health.handlers import healthy, metrics, operations, ready

routes = [healthy, ready, metrics]
api_routes = [operations]

__all__ = ["api_routes", "routes"]
