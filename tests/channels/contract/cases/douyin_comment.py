"""Comments come told and asked for: whichever is first, the other is the same."""

from yizhan.app.contract import Case
from yizhan.simulator.douyin import Douyin

CASE = Case(channel="douyin_comment", vendor=Douyin)
