"""Inboxes 接入点 as administrators keep them, and the connection test before they are saved."""

from yizhan.web.inboxes.authorising import begin_authorisation, end_authorisation
from yizhan.web.inboxes.channels import list_channels
from yizhan.web.inboxes.handlers import (
    edit_inbox,
    inbox_health,
    list_inboxes,
    open_inbox,
    read_inbox,
    suggest_servers,
    try_inbox,
    try_settings,
    widget_snippet,
)
from yizhan.web.inboxes.signing import make_signing_keys, signing_records

routes = [
    list_channels,
    list_inboxes,
    inbox_health,
    suggest_servers,
    open_inbox,
    try_settings,
    read_inbox,
    edit_inbox,
    try_inbox,
    widget_snippet,
    begin_authorisation,
    signing_records,
    make_signing_keys,
]
doors = [end_authorisation]
"""At the root: where a provider sends a person back to."""

__all__ = ["doors", "routes"]
