"""Inboxes 接入点: configured instances of a channel, their settings in clear and their secrets sealed."""

from yizhan.records.inboxes.model import Channel, Inbox, InboxChange, NewInbox
from yizhan.records.inboxes.ports import Authorisation, Check, ConnectionCheck
from yizhan.records.inboxes.service import (
    change_inbox,
    create_inbox,
    cursor,
    inbox,
    inbox_by_key,
    inboxes,
    inboxes_of,
    keep_secret,
    rewrap_secrets,
    save_cursor,
    secrets_of,
    set_to,
    stand,
)

__all__ = [
    "Authorisation",
    "Channel",
    "Check",
    "ConnectionCheck",
    "Inbox",
    "InboxChange",
    "NewInbox",
    "change_inbox",
    "create_inbox",
    "cursor",
    "inbox",
    "inbox_by_key",
    "inboxes",
    "inboxes_of",
    "keep_secret",
    "rewrap_secrets",
    "save_cursor",
    "secrets_of",
    "set_to",
    "stand",
]
