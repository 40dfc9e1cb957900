"""Comments are asked for; nothing is pushed."""

from yizhan.app.contract import Case
from yizhan.simulator.weibo import Weibo

CASE = Case(channel="weibo_comment", vendor=Weibo, renews=False)
