"""企业微信客户群 社群: what concerns us in a customer group becomes a conversation, answered there or in private.

WeCom offers no ordinary API that reads a customer group. The house's archive (会话内容存档) or robot pushes what is
said in the form of the partner bridge, signed, and says in the group what it is sent. Only what calls us is taken: a
mention (@客服), a keyword, an answer to something of ours, or what is written to us alone.
"""

from yizhan.channels.wechat.group.adapter import ADAPTER
from yizhan.channels.wechat.group.parse import happenings
from yizhan.channels.wechat.group.render import render
from yizhan.channels.wechat.group.send import GroupSender
from yizhan.channels.wechat.group.settings import GroupSecrets, GroupSettings
from yizhan.channels.wechat.group.signature import SIGNATURE, TIMESTAMP, sign

__all__ = [
    "ADAPTER",
    "SIGNATURE",
    "TIMESTAMP",
    "GroupSecrets",
    "GroupSender",
    "GroupSettings",
    "happenings",
    "render",
    "sign",
]
