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
    adopt_visits,
    answer_invitation,
    forget_trail,
    forget_visitors,
    invite,
    invited_rules,
    online_visits,
    open_visit,
    prune,
    running_visit,
    take_once,
    trail_of,
    visit_by_id,
    visit_source,
    visits_now,
)
from yizhan.desk.trail.words import Words, keep_words, take_words, words_of

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
    "Words",
    "adopt_visits",
    "answer_invitation",
    "cart_after",
    "cleaned",
    "coarse_ip",
    "forget_trail",
    "forget_visitors",
    "invite",
    "invited_rules",
    "keep_words",
    "masked_url",
    "may_invite",
    "online_visits",
    "open_visit",
    "origin_of",
    "prune",
    "running_visit",
    "segment_name",
    "segment_properties",
    "source_name",
    "take_once",
    "take_words",
    "trail_of",
    "visit_by_id",
    "visit_source",
    "visits_now",
    "words_of",
]
