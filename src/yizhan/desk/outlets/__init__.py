"""Outlets 通知出口: how notices leave the house: group bots, e-mail, signed webhooks, a gateway for text messages.

Documents of the kind `outlet` say which notices each takes, and when it is quiet; their secrets are sealed apart. A
durable reader posts what was raised, one process sends it: at the vendor's rate, many at once as one digest.
"""

from yizhan.desk.outlets.documents import (
    OUTLET,
    Outlet,
    OutletKind,
    OutletTitle,
    Quiet,
    Template,
    check_quiet,
    ensure_texts,
    secrets_asked,
)
from yizhan.desk.outlets.jobs import outlet_reader
from yizhan.desk.outlets.model import FAILED, Cause, Dispatch, Item, Poster, PostFailed, PostRow, Standing
from yizhan.desk.outlets.policy import is_quiet, quiet_until
from yizhan.desk.outlets.postman import Postman
from yizhan.desk.outlets.service import forget_posts, keep_secrets, rewrap_secrets, standings
from yizhan.desk.outlets.store import posts_of, secrets_of
from yizhan.desk.outlets.wording import values_of

__all__ = [
    "FAILED",
    "OUTLET",
    "Cause",
    "Dispatch",
    "Item",
    "Outlet",
    "OutletKind",
    "OutletTitle",
    "PostFailed",
    "PostRow",
    "Poster",
    "Postman",
    "Quiet",
    "Standing",
    "Template",
    "check_quiet",
    "ensure_texts",
    "forget_posts",
    "is_quiet",
    "keep_secrets",
    "outlet_reader",
    "posts_of",
    "quiet_until",
    "rewrap_secrets",
    "secrets_asked",
    "secrets_of",
    "standings",
    "values_of",
]
