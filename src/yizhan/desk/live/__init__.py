"""Live 实时: frames for the screens of agents and visitors, made once from the journal, sent to whoever may see them.

A frame is not an event: it is a row as its viewer may see it. Nothing here is durable; who was away too long reads
his lists again.
"""

from yizhan.desk.live.agents import AgentSocket, Audience
from yizhan.desk.live.hub import Hub
from yizhan.desk.live.model import (
    ListName,
    QueuePlace,
    QueueState,
    Signal,
    Watch,
    WidgetConversation,
    WidgetMessage,
    read_place,
)
from yizhan.desk.live.outlet import Outlet
from yizhan.desk.live.parts import LivePart, PartRow
from yizhan.desk.live.store import Newest, newest_of_visitor, unread_of_visitor
from yizhan.desk.live.visitors import Visitor, VisitorSocket
from yizhan.desk.live.widget import FileLinks, file_address, widget_conversation, widget_message

__all__ = [
    "AgentSocket",
    "Audience",
    "FileLinks",
    "Hub",
    "ListName",
    "LivePart",
    "Newest",
    "Outlet",
    "PartRow",
    "QueuePlace",
    "QueueState",
    "Signal",
    "Visitor",
    "VisitorSocket",
    "Watch",
    "WidgetConversation",
    "WidgetMessage",
    "file_address",
    "newest_of_visitor",
    "read_place",
    "unread_of_visitor",
    "widget_conversation",
    "widget_message",
]
