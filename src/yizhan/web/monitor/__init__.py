"""The monitor 实时监控 over HTTP and on the sockets: live numbers, what stands behind each, what is done."""

from yizhan.web.monitor.acting import acts
from yizhan.web.monitor.handlers import reads
from yizhan.web.monitor.news import MonitorNews, StepsPart

routes = (*reads, *acts)

__all__ = ["MonitorNews", "StepsPart", "routes"]
