"""Customers over HTTP: the list, the search, one customer's timeline; and on the sockets, that one changed."""

from yizhan.web.customers import exporting, handlers, remarking
from yizhan.web.customers.parts import CustomerListPart, CustomerPart

routes = (*exporting.routes, *handlers.routes, *remarking.routes)

__all__ = ["CustomerListPart", "CustomerPart", "routes"]
