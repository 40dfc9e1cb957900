"""Verification 核身 during a contact: a code or a signed link, and what stays masked or blocked until it is green."""

from yizhan.desk.verification.documents import VERIFICATION, Act, How, VerificationBook, VerificationRules
from yizhan.desk.verification.model import Carry, NotVerified, Outgoing, VerificationReach, VerificationStanding
from yizhan.desk.verification.service import (
    VerifyLink,
    addresses,
    begin,
    carry,
    ensure,
    ensure_shown,
    hear_code,
    is_verified,
    looks_like_code,
    open_contacts,
    open_link,
    shown,
    standing,
)

__all__ = [
    "VERIFICATION",
    "Act",
    "Carry",
    "How",
    "NotVerified",
    "Outgoing",
    "VerificationBook",
    "VerificationReach",
    "VerificationRules",
    "VerificationStanding",
    "VerifyLink",
    "addresses",
    "begin",
    "carry",
    "ensure",
    "ensure_shown",
    "hear_code",
    "is_verified",
    "looks_like_code",
    "open_contacts",
    "open_link",
    "shown",
    "standing",
]
