"""A group: here every message concerns us, not only those that call us."""

from yizhan.app.contract import Case
from yizhan.simulator.wecom import WeCom

CASE = Case(channel="wecom_group", vendor=WeCom, settings={"take_all": True})
