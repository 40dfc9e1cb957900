"""Who has the work, over HTTP: 领取, 退回, 转接, 转派, offers, 为什么在等; and who waits too long, on the sockets."""

from yizhan.web.work.handlers import offer_to
from yizhan.web.work.handlers import routes as hands
from yizhan.web.work.shapes import TransferRequest
from yizhan.web.work.waiting import WaitingPart
from yizhan.web.work.why import why_waiting

routes = (*hands, why_waiting)

__all__ = ["TransferRequest", "WaitingPart", "offer_to", "routes"]
