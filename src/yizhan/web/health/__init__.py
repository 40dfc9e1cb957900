"""Whether this process lives, whether it can serve, and what it counts."""

from yizhan.web.health.handlers import failed_rules, healthy, held_work, metrics, operations, ready, retry_held_work

routes = [healthy, ready, metrics]
api_routes = [operations, held_work, failed_rules, retry_held_work]

__all__ = ["api_routes", "routes"]
