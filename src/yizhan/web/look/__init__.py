"""The house's look over HTTP: set by the administrator, worn by every page before anybody has signed in."""

from yizhan.web.look.handlers import doors, routes

__all__ = ["doors", "routes"]
