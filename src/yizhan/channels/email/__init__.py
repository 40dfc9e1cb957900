"""E-mail: raw mails parsed, replies rendered, mailboxes read by IMAP, POP3 or a spool, mail sent by SMTP.

Parsing never raises and keeps what it cannot read; a mail server's answers become classes the desk acts on.

Names are loaded on first use: `yizhan mail deliver` starts once for every mail and needs only the spool, a tenth
of what the rest imports.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yizhan.channels.email.archive import ArchivedMail, read_maildir, read_mbox
    from yizhan.channels.email.dangers import danger_in
    from yizhan.channels.email.inbound import MailInbox, is_automatic, keep_files, to_inbound
    from yizhan.channels.email.links import read_file, read_unsubscribe
    from yizhan.channels.email.model import (
        Address,
        Attachment,
        AuthResults,
        Bounce,
        BouncedRecipient,
        BounceKind,
        CalendarEvent,
        ParsedMail,
        SenderProof,
        Verdict,
    )
    from yizhan.channels.email.notices import MailPoster
    from yizhan.channels.email.oauth import TokenAnswer, ask_token, authorise_url, redeem, request_token, token_later
    from yizhan.channels.email.outbound import MailSender
    from yizhan.channels.email.parsing import normalise_subject, parse, safe_file_name
    from yizhan.channels.email.policy import (
        AutoReply,
        Recent,
        ThreadHint,
        auto_reply_recipient,
        bounce_address,
        dedupe_key,
        find_ticket_tag,
        gone,
        is_gone,
        may_auto_reply,
        may_be_answered_at,
        may_join,
        reference_hash,
        reference_order,
        reply_address,
        thread_hint,
        thread_reference,
        ticket_tag,
    )
    from yizhan.channels.email.proving import (
        Dns,
        DnsTrouble,
        Keys,
        Signature,
        Signatures,
        SystemDns,
        by_server,
        check,
        prove_sender,
    )
    from yizhan.channels.email.rendering import (
        Automatic,
        File,
        OutgoingMail,
        RenderedMail,
        UnsafeAddress,
        own_message_id,
        render,
        reply_references,
        reply_subject,
    )
    from yizhan.channels.email.scanning import ScannerAway, scan
    from yizhan.channels.email.settings import (
        Auth,
        Dkim,
        Grant,
        MailSecret,
        MailSettings,
        OAuth,
        Protocol,
        Security,
        Server,
        google_oauth,
        microsoft_oauth,
        suggest,
    )
    from yizhan.channels.email.signing import DnsRecord, new_keys, published, records, sign
    from yizhan.channels.email.spool import Exit, Spool, Spooled, SpoolFull, SpoolLimits, drain
    from yizhan.channels.email.transport import (
        CheckResult,
        Cursor,
        Fetched,
        Mailbox,
        MailServerError,
        Refusal,
        SendResult,
        SendState,
        SmtpSender,
        check_connection,
        receive,
        receive_once,
        retry_delay,
        send,
    )

_HOMES = {
    "archive": "ArchivedMail read_maildir read_mbox",
    "dangers": "danger_in",
    "inbound": "MailInbox is_automatic keep_files to_inbound",
    "links": "read_file read_unsubscribe",
    "model": "Address Attachment AuthResults Bounce BouncedRecipient BounceKind CalendarEvent ParsedMail "
    "SenderProof Verdict",
    "notices": "MailPoster",
    "oauth": "TokenAnswer ask_token authorise_url redeem request_token token_later",
    "outbound": "MailSender",
    "parsing": "normalise_subject parse safe_file_name",
    "policy": "AutoReply Recent ThreadHint auto_reply_recipient bounce_address dedupe_key find_ticket_tag gone "
    "is_gone may_auto_reply may_be_answered_at may_join reference_hash reference_order reply_address "
    "thread_hint thread_reference ticket_tag",
    "proving": "Dns DnsTrouble Keys Signature Signatures SystemDns by_server check prove_sender",
    "rendering": "Automatic File OutgoingMail RenderedMail UnsafeAddress own_message_id render reply_references "
    "reply_subject",
    "scanning": "ScannerAway scan",
    "settings": "Auth Dkim Grant MailSecret MailSettings OAuth Protocol Security Server google_oauth microsoft_oauth "
    "suggest",
    "signing": "DnsRecord new_keys published records sign",
    "spool": "Exit Spool SpoolFull SpoolLimits Spooled drain",
    "transport": "CheckResult Cursor Fetched MailServerError Mailbox Refusal SendResult SendState SmtpSender "
    "check_connection receive receive_once retry_delay send",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}

__all__ = [
    "Address",
    "ArchivedMail",
    "Attachment",
    "Auth",
    "AuthResults",
    "AutoReply",
    "Automatic",
    "Bounce",
    "BounceKind",
    "BouncedRecipient",
    "CalendarEvent",
    "CheckResult",
    "Cursor",
    "Dkim",
    "Dns",
    "DnsRecord",
    "DnsTrouble",
    "Exit",
    "Fetched",
    "File",
    "Grant",
    "Keys",
    "MailInbox",
    "MailPoster",
    "MailSecret",
    "MailSender",
    "MailServerError",
    "MailSettings",
    "Mailbox",
    "OAuth",
    "OutgoingMail",
    "ParsedMail",
    "Protocol",
    "Recent",
    "Refusal",
    "RenderedMail",
    "ScannerAway",
    "Security",
    "SendResult",
    "SendState",
    "SenderProof",
    "Server",
    "Signature",
    "Signatures",
    "SmtpSender",
    "Spool",
    "SpoolFull",
    "SpoolLimits",
    "Spooled",
    "SystemDns",
    "ThreadHint",
    "TokenAnswer",
    "UnsafeAddress",
    "Verdict",
    "ask_token",
    "authorise_url",
    "auto_reply_recipient",
    "bounce_address",
    "by_server",
    "check",
    "check_connection",
    "danger_in",
    "dedupe_key",
    "drain",
    "find_ticket_tag",
    "gone",
    "google_oauth",
    "is_automatic",
    "is_gone",
    "keep_files",
    "may_auto_reply",
    "may_be_answered_at",
    "may_join",
    "microsoft_oauth",
    "new_keys",
    "normalise_subject",
    "own_message_id",
    "parse",
    "prove_sender",
    "published",
    "read_file",
    "read_maildir",
    "read_mbox",
    "read_unsubscribe",
    "receive",
    "receive_once",
    "records",
    "redeem",
    "reference_hash",
    "reference_order",
    "render",
    "reply_address",
    "reply_references",
    "reply_subject",
    "request_token",
    "retry_delay",
    "safe_file_name",
    "scan",
    "send",
    "sign",
    "suggest",
    "thread_hint",
    "thread_reference",
    "ticket_tag",
    "to_inbound",
    "token_later",
]


def __getattr__(name: str) -> object:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = found
    return found
