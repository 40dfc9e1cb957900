"""Doors for other systems: signed by their own secret, acknowledged only after what they brought is durable."""

from yizhan.web.hooks.handlers import channel_hook, check_hook, generic_hook
from yizhan.web.hooks.porch import HookPorch

routes = [generic_hook, check_hook, channel_hook]

__all__ = ["HookPorch", "routes"]
