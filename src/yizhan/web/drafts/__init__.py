"""Drafts over HTTP: what one wrote in a conversation and has not sent, from whichever device."""

from yizhan.web.drafts.handlers import routes
from yizhan.web.drafts.telling import tell_draft

__all__ = ["routes", "tell_draft"]
