"""客户归并 over HTTP: the review queue, previews of merging and taking apart, runs through all, the weights."""

from yizhan.web.resolution.handlers import routes as queue_routes
from yizhan.web.resolution.runs import routes as run_routes

routes = (*queue_routes, *run_routes)

__all__ = ["routes"]
