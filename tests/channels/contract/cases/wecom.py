"""An application of a company: the receiver stands inside what is encrypted."""

from tests.channels.contract.rewriting import for_another, unknown_by
from yizhan.app.contract import Case
from yizhan.simulator.wecom import WeCom

CASE = Case(
    channel="wecom",
    vendor=WeCom,
    other_receiver=for_another("wecom"),
    unknown=unknown_by("wecom", b"<MsgType><![CDATA[text]]"),
)
