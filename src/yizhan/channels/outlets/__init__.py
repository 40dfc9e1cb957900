"""Outlets of notices: group bots of WeCom, DingTalk and Feishu, signed webhooks, a gateway for text messages.

Each vendor's file is pure: it renders a dispatch to one request and reads the answer. A vendor says no with HTTP 200
and a code inside the body. `HttpPoster` makes the call.
"""

from yizhan.channels.outlets.poster import HttpPoster

__all__ = ["HttpPoster"]
