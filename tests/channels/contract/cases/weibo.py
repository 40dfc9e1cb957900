"""Weibo signs time and nonce alone, gives a message no id, and its token is copied from its console."""

from tests.channels.contract.rewriting import unknown_by
from yizhan.app.contract import Case
from yizhan.simulator.weibo import Weibo

CASE = Case(
    channel="weibo",
    vendor=Weibo,
    signs_body=False,
    told_id=False,
    renews=False,
    media_life=None,
    unknown=unknown_by("weibo", b'"type":"text"'),
)
