"""Drafts over HTTP: what one wrote in a conversation and has not sent, from whichever device."""

from yizhan.web.drafts.handlers import routes

__all__ = ["routes"]
