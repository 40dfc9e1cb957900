"""Search 搜索: tickets, messages and customers by Chinese and Latin words, found within the viewer's scope."""

from yizhan.desk.search.jobs import KINDS, index_names_anew, search_reader
from yizhan.desk.search.model import Found
from yizhan.desk.search.service import Search
from yizhan.desk.search.store import said_in_conversation, said_in_tickets

__all__ = [
    "KINDS",
    "Found",
    "Search",
    "index_names_anew",
    "said_in_conversation",
    "said_in_tickets",
    "search_reader",
]
