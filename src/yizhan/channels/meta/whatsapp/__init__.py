"""WhatsApp through the Cloud API."""

from yizhan.channels.meta.whatsapp.adapter import ADAPTER
from yizhan.channels.meta.whatsapp.parse import parse
from yizhan.channels.meta.whatsapp.render import render
from yizhan.channels.meta.whatsapp.settings import WhatsappSettings

__all__ = ["ADAPTER", "WhatsappSettings", "parse", "render"]
