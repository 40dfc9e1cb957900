"""Web chat: the widget on a shop's pages. Settings, proof of identity, greetings, invitations and what it can do.

Everything here is pure: the web floor holds the sockets, the desk holds the visitor's trail.
"""

from yizhan.channels.webchat.greeting import Moment, opens_text, promise, rules_for, welcome_for
from yizhan.channels.webchat.identity import Claims, IdentityRefused, proved, verify_hash, verify_jwt
from yizhan.channels.webchat.messages import dedupe_key, new_visitor, parse_message, sender_of
from yizhan.channels.webchat.profile import Profile, checked_profile, normalised_contact
from yizhan.channels.webchat.settings import (
    CAPABILITY,
    Capability,
    FieldType,
    FormField,
    HourBand,
    IdentityMode,
    InvitationRule,
    PreChat,
    Views,
    WebchatSecret,
    WebchatSettings,
    Welcome,
    origin_allowed,
)

__all__ = [
    "CAPABILITY",
    "Capability",
    "Claims",
    "FieldType",
    "FormField",
    "HourBand",
    "IdentityMode",
    "IdentityRefused",
    "InvitationRule",
    "Moment",
    "PreChat",
    "Profile",
    "Views",
    "WebchatSecret",
    "WebchatSettings",
    "Welcome",
    "checked_profile",
    "dedupe_key",
    "new_visitor",
    "normalised_contact",
    "opens_text",
    "origin_allowed",
    "parse_message",
    "promise",
    "proved",
    "rules_for",
    "sender_of",
    "verify_hash",
    "verify_jwt",
    "welcome_for",
]
