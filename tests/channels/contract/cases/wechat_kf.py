"""微信客服 only nudges: what was said is asked for."""

from __future__ import annotations

from tests.channels.contract.rewriting import for_another
from yizhan.app.contract import Case
from yizhan.simulator import Person, Push, Vendor
from yizhan.simulator.wecom import WeCom


async def unknown(vendor: Vendor, person: Person) -> Push:
    assert isinstance(vendor, WeCom)
    vendor.kf.add({
        "msgid": vendor.new_id(), "origin": 3, "msgtype": "hologram", "open_kfid": vendor.kf.account,
        "external_userid": person.id, "hologram": {"depth": 3},
    })  # fmt: skip
    return vendor.kf.nudge()


CASE = Case(channel="wechat_kf", vendor=WeCom, unknown=unknown, other_receiver=for_another("wecom"))
