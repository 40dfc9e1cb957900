"""A mini program knows a follower of its 公众号 by another openid."""

from __future__ import annotations

from yizhan.app.contract import Case
from yizhan.simulator import Person, Vendor
from yizhan.simulator.wechat import WeChat


def openid(vendor: Vendor, person: Person) -> str:
    assert isinstance(vendor, WeChat)
    return vendor.openid("wechat_mini", person)


CASE = Case(channel="wechat_mini", vendor=WeChat, address=openid)
