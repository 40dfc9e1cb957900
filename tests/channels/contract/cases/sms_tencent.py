"""Text messages: reports and replies are not signed; a secret in the address is all there is."""

from __future__ import annotations

from typing import Any

from yizhan.app.contract import Case
from yizhan.simulator.sms import Sms


def at_once(*args: Any, **more: Any) -> Sms:
    vendor = Sms(*args, **more)
    vendor.report_after = 0
    return vendor


CASE = Case(channel="sms_tencent", vendor=at_once, signs_body=False, told_id=False)
