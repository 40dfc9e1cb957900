"""Who has the work, over HTTP: 领取, 退回, 转接, 转派, offers, 为什么在等; and who waits too long, on the sockets."""

from yizhan.web.work.handlers import routes
from yizhan.web.work.waiting import WaitingPart

__all__ = ["WaitingPart", "routes"]
