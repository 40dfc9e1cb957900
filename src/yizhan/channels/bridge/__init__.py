"""The partner bridge 合作方桥接: closed networks (淘宝, 京东, 抖店, 小红书 …) through who may speak to them.

The partner signs JSON in the words of the desk, both ways; `docs/bridge.md` is its manual and
`docs/examples/bridge_shop.py` one that runs.
"""

from yizhan.channels.bridge.adapter import ADAPTER
from yizhan.channels.bridge.render import render
from yizhan.channels.bridge.settings import BridgeSecrets, BridgeSettings
from yizhan.channels.bridge.signature import SIGNATURE, TIMESTAMP, sign, signed, verify

__all__ = [
    "ADAPTER", "SIGNATURE", "TIMESTAMP", "BridgeSecrets", "BridgeSettings", "render", "sign", "signed", "verify"
]  # fmt: skip
