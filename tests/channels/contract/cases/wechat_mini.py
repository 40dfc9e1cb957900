"""A mini program knows a follower of its 公众号 by another openid."""

from __future__ import annotations

from tests.channels.contract.rewriting import for_another, unknown_by
from yizhan.app.contract import Case
from yizhan.simulator import Person, Vendor
from yizhan.simulator.wechat import WeChat


def openid(vendor: Vendor, person: Person) -> str:
    assert isinstance(vendor, WeChat)
    return vendor.openid("wechat_mini", person)


CASE = Case(
    channel="wechat_mini", vendor=WeChat, address=openid, other_receiver=for_another("wechat"),
    unknown=unknown_by("wechat_mini", b'"MsgType":"text"'),
)  # fmt: skip
