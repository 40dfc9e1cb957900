"""The visitor's trail 访客轨迹: visits, pages, the shop's own events, the cart, and invitations to talk.

Page views are signals kept in their own table, written in batches and lost without harm; only "a visit began" and
"a visitor was invited" are events of the journal.
"""

from yizhan.desk.trail.batch import TrailBuffer
from yizhan.desk.trail.events import EVENTS, segment_name, segment_properties
from yizhan.desk.trail.model import (
    Answer,
    Cart,
    Invitation,
    InvitationCaps,
    OnlineVisit,
    Origin,
    Trail,
    TrailItem,
    Visit,
    WireItem,
)
from yizhan.desk.trail.policy import (
    ONLINE_FOR,
    cart_after,
    cleaned,
    coarse_ip,
    masked_url,
    may_invite,
    origin_of,
    source_name,
)
from yizhan.desk.trail.service import (
    answer_invitation,
    forget_visitors,
    invite,
    invited_rules,
    online_visits,
    open_visit,
    prune,
    trail_of,
    visit_by_id,
)

__all__ = [
    "EVENTS",
    "ONLINE_FOR",
    "Answer",
    "Cart",
    "Invitation",
    "InvitationCaps",
    "OnlineVisit",
    "Origin",
    "Trail",
    "TrailBuffer",
    "TrailItem",
    "Visit",
    "WireItem",
    "answer_invitation",
    "cart_after",
    "cleaned",
    "coarse_ip",
    "forget_visitors",
    "invite",
    "invited_rules",
    "masked_url",
    "may_invite",
    "online_visits",
    "open_visit",
    "origin_of",
    "prune",
    "segment_name",
    "segment_properties",
    "source_name",
    "trail_of",
    "visit_by_id",
]
