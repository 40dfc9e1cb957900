"""Customers over HTTP: the list, the search, one customer's timeline; and on the sockets, that one changed."""

from yizhan.web.customers.handlers import routes
from yizhan.web.customers.parts import CustomerPart

__all__ = ["CustomerPart", "routes"]
