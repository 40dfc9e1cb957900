"""Messenger, and Instagram that speaks as it does."""

from yizhan.channels.meta.messenger.adapter import ADAPTER
from yizhan.channels.meta.messenger.parse import parse
from yizhan.channels.meta.messenger.render import render
from yizhan.channels.meta.messenger.settings import MessengerSettings

__all__ = ["ADAPTER", "MessengerSettings", "parse", "render"]
