"""The generic channel: files come along, nothing is counted, nothing is reported."""

from yizhan.app.contract import Case
from yizhan.simulator.generic import Generic

CASE = Case(channel="generic", vendor=Generic)
