"""Inboxes 接入点 as administrators keep them, and the connection test before they are saved."""

from yizhan.web.inboxes.handlers import (
    edit_inbox,
    list_inboxes,
    open_inbox,
    read_inbox,
    try_inbox,
    try_settings,
    widget_snippet,
)

routes = [list_inboxes, open_inbox, try_settings, read_inbox, edit_inbox, try_inbox, widget_snippet]

__all__ = ["routes"]
