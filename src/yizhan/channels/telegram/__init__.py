"""Telegram: a bot of the house."""

from yizhan.channels.telegram.adapter import ADAPTER
from yizhan.channels.telegram.parse import parse
from yizhan.channels.telegram.render import render
from yizhan.channels.telegram.settings import TelegramSecrets, TelegramSettings

__all__ = ["ADAPTER", "TelegramSecrets", "TelegramSettings", "parse", "render"]
