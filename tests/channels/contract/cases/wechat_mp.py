"""An Official Account in safe mode: the receiver stands inside what is encrypted."""

from tests.channels.contract.rewriting import for_another, unknown_by
from yizhan.app.contract import Case
from yizhan.simulator.wechat import WeChat

CASE = Case(
    channel="wechat_mp",
    vendor=WeChat,
    other_receiver=for_another("wechat"),
    unknown=unknown_by("wechat_mp", b"<MsgType><![CDATA[text]]"),
)
