"""企业微信应用: colleagues, shop staff and partners write to an application of the company and are answered there.

The callback brings the message itself. `parse` what it means, `render` and `send` the way back.
"""

from yizhan.channels.wechat.wecom.adapter import ADAPTER
from yizhan.channels.wechat.wecom.render import render
from yizhan.channels.wechat.wecom.send import WeComSender
from yizhan.channels.wechat.wecom.settings import WeComSecrets, WeComSettings

__all__ = ["ADAPTER", "WeComSecrets", "WeComSender", "WeComSettings", "render"]
