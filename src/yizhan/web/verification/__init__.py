"""Verification 核身 over HTTP: the agent's button, the page behind the customer's link, and what is shut until then."""

from yizhan.web.verification.doors import doors
from yizhan.web.verification.guarding import (
    ensure_shown,
    ensure_verified,
    ensure_verified_fields,
    is_verified,
    shown_contacts,
)
from yizhan.web.verification.handlers import routes
from yizhan.web.verification.hearing import hear_words
from yizhan.web.verification.parts import VerificationPart

__all__ = [
    "VerificationPart",
    "doors",
    "ensure_shown",
    "ensure_verified",
    "ensure_verified_fields",
    "hear_words",
    "is_verified",
    "routes",
    "shown_contacts",
]
