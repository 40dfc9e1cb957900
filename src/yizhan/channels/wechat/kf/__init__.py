"""微信客服: customers of ordinary WeChat write to an account of 企业微信, and we pull what they wrote.

The callback carries nothing but a nudge. `parse` and `events` what a page holds, `pull` one page, `greeting` what is
said within seconds, `sessions` whose a session is, `people` who customers are, `render` and `send` the way back.
"""

from yizhan.channels.wechat.kf.adapter import ADAPTER
from yizhan.channels.wechat.kf.pull import happenings, pull
from yizhan.channels.wechat.kf.render import message_id, render
from yizhan.channels.wechat.kf.send import KfSender
from yizhan.channels.wechat.kf.settings import KfSecrets, KfSettings

__all__ = ["ADAPTER", "KfSecrets", "KfSender", "KfSettings", "happenings", "message_id", "pull", "render"]
