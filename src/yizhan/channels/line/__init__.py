"""LINE: an official account of the house."""

from yizhan.channels.line.adapter import ADAPTER
from yizhan.channels.line.parse import parse
from yizhan.channels.line.settings import LineSecrets, LineSettings
from yizhan.channels.line.signature import sign, verify

__all__ = ["ADAPTER", "LineSecrets", "LineSettings", "parse", "sign", "verify"]
