"""The generic channel: any system that can sign JSON speaks to customers through it, both ways.

`settings` what is configured, `signature` who may speak, `parse` what was said, `send` the way back.
"""

from yizhan.channels.generic.adapter import ADAPTER
from yizhan.channels.generic.model import GenericFile, GenericMessage
from yizhan.channels.generic.parse import Batch, content_of, inbound, parse
from yizhan.channels.generic.send import GenericSender, render
from yizhan.channels.generic.settings import GenericSecret, GenericSettings
from yizhan.channels.generic.signature import SIGNATURE, TIMESTAMP, WINDOW, SignatureRefused, sign, verify

__all__ = [
    "ADAPTER",
    "SIGNATURE",
    "TIMESTAMP",
    "WINDOW",
    "Batch",
    "GenericFile",
    "GenericMessage",
    "GenericSecret",
    "GenericSender",
    "GenericSettings",
    "SignatureRefused",
    "content_of",
    "inbound",
    "parse",
    "render",
    "sign",
    "verify",
]
