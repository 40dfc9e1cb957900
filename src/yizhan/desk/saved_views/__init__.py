"""Views 视图: selections of the ticket list under a name, one's own or a team's, with how many tickets each holds."""

from yizhan.desk.saved_views.fields import VIEW_FIELDS
from yizhan.desk.saved_views.model import COUNTED_TO, MOST, Among, SavedView, Selection, ViewOrder
from yizhan.desk.saved_views.policy import check, condition_of
from yizhan.desk.saved_views.service import counts, drop, keep, page, views_of
from yizhan.desk.saved_views.store import order_of, put_order, seen_view

__all__ = [
    "COUNTED_TO",
    "MOST",
    "VIEW_FIELDS",
    "Among",
    "SavedView",
    "Selection",
    "ViewOrder",
    "check",
    "condition_of",
    "counts",
    "drop",
    "keep",
    "order_of",
    "page",
    "put_order",
    "seen_view",
    "views_of",
]
