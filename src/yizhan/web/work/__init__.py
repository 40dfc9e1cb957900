"""Who has the work, over HTTP: 领取, 退回, 转接, 转派, offers, and 为什么在等."""

from yizhan.web.work.handlers import routes

__all__ = ["routes"]
