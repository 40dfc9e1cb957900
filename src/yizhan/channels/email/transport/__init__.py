"""Mail in motion: IMAP, POP3, SMTP and the spool. Nothing here knows the desk."""

from yizhan.channels.email.transport.check import CheckResult, check_connection
from yizhan.channels.email.transport.failures import ErrorClass, MailServerError
from yizhan.channels.email.transport.fetched import Cursor, Fetched, Mailbox
from yizhan.channels.email.transport.receive import receive, receive_once
from yizhan.channels.email.transport.send import Refusal, SendResult, SendState, SmtpSender, retry_delay, send

__all__ = [
    "CheckResult",
    "Cursor",
    "ErrorClass",
    "Fetched",
    "MailServerError",
    "Mailbox",
    "Refusal",
    "SendResult",
    "SendState",
    "SmtpSender",
    "check_connection",
    "receive",
    "receive_once",
    "retry_delay",
    "send",
]
