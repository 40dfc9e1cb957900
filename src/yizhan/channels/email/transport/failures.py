"""Why a mail server said no, in the words the desk acts on."""

import re
import ssl
from enum import StrEnum

from yizhan.foundation.errors import DomainError


class ErrorClass(StrEnum):
    """`auth` asks for new credentials, `throttle` and `transient` are tried again, the others are final."""

    AUTH = "auth"
    THROTTLE = "throttle"
    TRANSIENT = "transient"
    UNKNOWN = "unknown"  # sent perhaps: never again by itself
    RECIPIENT = "recipient_blocked"
    CONTENT = "content_rejected"
    PERMISSION = "permission"
    BAD_REQUEST = "bad_request"


class MailServerError(DomainError):
    """A mail server cannot be used now; `error_class` tells whether waiting helps."""

    code = "mail_server"

    def __init__(self, error_class: ErrorClass, message: str) -> None:
        super().__init__(message)
        self.error_class = error_class


_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_THROTTLED = re.compile(r"too many|rate limit|throttl|frequen|频率|过于频繁|try again later|concurren", re.IGNORECASE)
_SPAM = re.compile(r"spam|virus|content|policy|DMARC|SPF|DKIM|blacklist|blocked|垃圾|reputation", re.IGNORECASE)
_NO_RECIPIENT = re.compile(
    r"user unknown|no such (user|recipient|mailbox)|not exist|unknown user|mailbox (unavailable|not found|is full)|"
    r"recipient.{0,20}(reject|invalid|not found)|over ?quota|不存在",
    re.IGNORECASE,
)


def enhanced_code(text: str) -> str:
    found = _ENHANCED.search(text)
    return found.group(1) if found else ""


def classify_smtp(code: int, text: str) -> ErrorClass:
    """SMTP reply code and text (RFC 5321, 3463, and what providers add)."""
    status = enhanced_code(text)
    if code in (530, 534, 535) or (status in ("5.7.8", "5.7.30", "4.7.0") and "uthent" in text):
        return ErrorClass.AUTH
    if 400 <= code < 500:
        return ErrorClass.THROTTLE if code == 421 or _THROTTLED.search(text) else ErrorClass.TRANSIENT
    if status.startswith("5.1.") or status in ("5.2.1", "5.2.2") or _NO_RECIPIENT.search(text):
        return ErrorClass.RECIPIENT
    if code == 552 or status in ("5.3.4", "5.2.3"):
        return ErrorClass.BAD_REQUEST
    if status.startswith("5.7.") and re.search(r"relay|send as|not allowed|sender", text, re.IGNORECASE):
        return ErrorClass.PERMISSION
    if status.startswith(("5.6.", "5.7.")) or _SPAM.search(text):
        return ErrorClass.CONTENT
    return ErrorClass.BAD_REQUEST


def classify_failure(failure: BaseException) -> ErrorClass:
    """A failed connection heals by itself unless its certificate is wrong."""
    return ErrorClass.PERMISSION if isinstance(failure, ssl.SSLCertVerificationError) else ErrorClass.TRANSIENT
