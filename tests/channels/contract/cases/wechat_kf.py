"""微信客服: a push is only a nudge; what is in it is the company's, and all else is pulled."""

from __future__ import annotations

from yizhan.app.contract import Case
from yizhan.simulator import Person, Push, Vendor, Wire
from yizhan.simulator.tencent import cdata
from yizhan.simulator.wecom import WeCom


async def hologram(vendor: Vendor, person: Person) -> Push:
    assert isinstance(vendor, WeCom)
    said = {"open_kfid": vendor.kf.account, "external_userid": person.id, "origin": 3, "msgtype": "hologram"}
    vendor.kf.add({"msgid": vendor.new_id(), **said, "hologram": {"shape": "cat"}})
    return vendor.kf.nudge()


def for_another_company(vendor: Vendor, _: Push) -> Wire:
    assert isinstance(vendor, WeCom)
    inner = cdata(MsgType="event", Event="kf_msg_or_event", Token="t", OpenKfId=vendor.kf.account)
    return vendor.wire(lambda _: inner, "ww0000000000000000")


CASE = Case(
    channel="wechat_kf", vendor=WeCom, settings={"duplicate_codes": [40058]}, unknown=hologram,
    other_receiver=for_another_company,
)  # fmt: skip
