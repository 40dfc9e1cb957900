"""Who gets in and stays in: sessions, API tokens, the guard against guessing, and answers kept for repeats.

Secrets are stored as digests only. The people themselves are in `records.agents`.
"""

from yizhan.records.access.idempotency import KeptAnswer, KeyReused, claim_key, keep_answer
from yizhan.records.access.logins import BadCredentials, LockedOut, begin_attempt, forgive
from yizhan.records.access.model import (
    ApiToken,
    IssuedToken,
    NotSignedIn,
    OpenedSession,
    Session,
    SessionEnded,
    SessionTerms,
    StaleForm,
    TokenGrant,
)
from yizhan.records.access.passwords import Passwords, weakness
from yizhan.records.access.sessions import (
    close_all_sessions,
    close_session,
    has_session,
    open_session,
    refuse_session,
    resume_session,
)
from yizhan.records.access.sweep import sweep
from yizhan.records.access.tokens import create_token, revoke_token, token_grant, tokens_of

__all__ = [
    "ApiToken",
    "BadCredentials",
    "IssuedToken",
    "KeptAnswer",
    "KeyReused",
    "LockedOut",
    "NotSignedIn",
    "OpenedSession",
    "Passwords",
    "Session",
    "SessionEnded",
    "SessionTerms",
    "StaleForm",
    "TokenGrant",
    "begin_attempt",
    "claim_key",
    "close_all_sessions",
    "close_session",
    "create_token",
    "forgive",
    "has_session",
    "keep_answer",
    "open_session",
    "refuse_session",
    "resume_session",
    "revoke_token",
    "sweep",
    "token_grant",
    "tokens_of",
    "weakness",
]
