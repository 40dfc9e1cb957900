"""The visitor's side: one widget on a shop's pages, without cookies, told apart by the inbox's key in the address."""

from yizhan.web.widget.cors import WidgetCors
from yizhan.web.widget.door import Door, Guest, VisitorLinks, door_of, guest_of, open_door
from yizhan.web.widget.files import read_file, upload
from yizhan.web.widget.hours import attendance, tell_duty
from yizhan.web.widget.leave import leave_message
from yizhan.web.widget.passes import Pass
from yizhan.web.widget.polling import beacon, poll, post_frame, post_message
from yizhan.web.widget.presence import may_record
from yizhan.web.widget.progress import routes as progress_routes
from yizhan.web.widget.saying import introduce, join_earlier
from yizhan.web.widget.session import configuration, history, open_session
from yizhan.web.widget.socket import visitor_socket
from yizhan.web.widget.visiting import routes as visiting_routes
from yizhan.web.widget.wechat import routes as wechat_routes

routes = [
    configuration,
    open_session,
    history,
    visitor_socket,
    post_frame,
    post_message,
    poll,
    beacon,
    upload,
    read_file,
    leave_message,
    *progress_routes,
    *visiting_routes,
    *wechat_routes,
]

__all__ = [
    "Door",
    "Guest",
    "Pass",
    "VisitorLinks",
    "WidgetCors",
    "attendance",
    "door_of",
    "guest_of",
    "introduce",
    "join_earlier",
    "may_record",
    "open_door",
    "routes",
    "tell_duty",
]
