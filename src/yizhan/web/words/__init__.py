"""Words over HTTP: the check while somebody types, and the replies that wait for a yes."""

from yizhan.web.words.handlers import routes

__all__ = ["routes"]
