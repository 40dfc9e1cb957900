"""Verifications 核身: what was sent to whom, how often it was tried, and until when a proof counts."""

from yizhan.records.verifications.model import Asked, CodeRefused, State, Verification, Way
from yizhan.records.verifications.service import (
    ask,
    fail,
    lock_verification,
    logged_in,
    logged_out,
    prove,
    refuse,
    sent,
)
from yizhan.records.verifications.store import (
    asked_since,
    covered,
    joined,
    last_of,
    members,
    rows,
    standing_login,
    waiting_of,
)

__all__ = [
    "Asked",
    "CodeRefused",
    "State",
    "Verification",
    "Way",
    "ask",
    "asked_since",
    "covered",
    "fail",
    "joined",
    "last_of",
    "lock_verification",
    "logged_in",
    "logged_out",
    "members",
    "prove",
    "refuse",
    "rows",
    "sent",
    "standing_login",
    "waiting_of",
]
