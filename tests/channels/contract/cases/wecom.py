"""An application of 企业微信: encrypted for one company, no counting, no reports."""

from __future__ import annotations

from yizhan.app.contract import Case
from yizhan.simulator import Person, Push, Vendor, Wire
from yizhan.simulator.tencent import cdata
from yizhan.simulator.wecom import CORP, WeCom


async def hologram(vendor: Vendor, person: Person) -> Push:
    assert isinstance(vendor, WeCom)
    id = vendor.new_id()
    said = cdata(ToUserName=CORP, FromUserName=person.id, CreateTime=1, MsgType="hologram", MsgId=id)
    return vendor.callback("wecom", lambda _: said, "hologram")


def for_another_company(vendor: Vendor, _: Push) -> Wire:
    assert isinstance(vendor, WeCom)
    said = cdata(ToUserName=CORP, FromUserName="a", CreateTime=1, MsgType="text", Content="x", MsgId="1")
    return vendor.wire(lambda _: said, "ww0000000000000000")


CASE = Case(channel="wecom", vendor=WeCom, unknown=hologram, other_receiver=for_another_company)
