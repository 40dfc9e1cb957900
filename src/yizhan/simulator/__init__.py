"""Stand-ins: vendors on this machine, as strict as the real ones, and people with phones in front of them.

Tests push through them and users try every channel with them, without an account. `vendor` is what all have, one file
each what is a vendor's own; they know nothing of our adapters, so that both cannot share a mistake. `pusher` signs and
retries, `limits` counts as vendors count, `faults` go wrong on purpose, `journal` keeps what went over the wire.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from yizhan.simulator.clock import VendorClock
from yizhan.simulator.faults import Fault, Faults
from yizhan.simulator.journal import Entry, Journal
from yizhan.simulator.limits import Allowance, Left, Quotas, Tokens
from yizhan.simulator.people import Blob, Bubble, Human, People, Person, Words
from yizhan.simulator.pusher import Answered, Delivery, Push, Pusher, Retry, Wire, tampered
from yizhan.simulator.samples import picture, sample, voice
from yizhan.simulator.stage import CAST, Stage
from yizhan.simulator.vendor import Act, Control, Door, Vendor, compact
from yizhan.simulator.wire import Answer, Call, Part, as_json, as_page, route

VENDORS: Mapping[str, str] = {
    "wechat": "yizhan.simulator.wechat:WeChat",
    "generic": "yizhan.simulator.generic:Generic",
    "weibo": "yizhan.simulator.weibo:Weibo",
    "douyin": "yizhan.simulator.douyin:Douyin",
    "bridge": "yizhan.simulator.bridge:Bridge",
    "sms": "yizhan.simulator.sms:Sms",
    "wecom": "yizhan.simulator.wecom:WeCom",
    "whatsapp": "yizhan.simulator.whatsapp:Whatsapp",
    "messenger": "yizhan.simulator.messenger:Messenger",
    "telegram": "yizhan.simulator.telegram:Telegram",
    "line": "yizhan.simulator.line:Line",
    "mail": "yizhan.simulator.mail:Mail",
}
"""Every vendor there is, `module:Class`, in the order the page shows them."""


def vendor_class(name: str) -> type[Vendor]:
    module, _, value = VENDORS[name].partition(":")
    found: type[Vendor] = getattr(import_module(module), value)
    return found


__all__ = [
    "CAST",
    "VENDORS",
    "Act",
    "Allowance",
    "Answer",
    "Answered",
    "Blob",
    "Bubble",
    "Call",
    "Control",
    "Delivery",
    "Door",
    "Entry",
    "Fault",
    "Faults",
    "Human",
    "Journal",
    "Left",
    "Part",
    "People",
    "Person",
    "Push",
    "Pusher",
    "Quotas",
    "Retry",
    "Stage",
    "Tokens",
    "Vendor",
    "VendorClock",
    "Wire",
    "Words",
    "as_json",
    "as_page",
    "compact",
    "picture",
    "route",
    "sample",
    "tampered",
    "vendor_class",
    "voice",
]
