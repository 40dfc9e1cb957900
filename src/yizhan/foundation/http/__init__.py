"""Fetching what others name: every address is checked after it was resolved, and that same address is called.

Whoever can make us fetch a URL (a webhook, an avatar, a callback) must not reach what only this machine can reach.
"""

from yizhan.foundation.http.client import Http, HttpFailed, Response
from yizhan.foundation.http.forms import FormFile, multipart
from yizhan.foundation.http.guard import Guard, HttpRefused, Resolve

__all__ = ["FormFile", "Guard", "Http", "HttpFailed", "HttpRefused", "Resolve", "Response", "multipart"]
