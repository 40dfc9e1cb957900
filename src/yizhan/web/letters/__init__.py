"""What our mails lead to: files too large to enclose, and the way out of notices. Whoever has the link may."""

from yizhan.web.letters.handlers import doors

__all__ = ["doors"]
