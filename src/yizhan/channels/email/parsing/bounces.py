"""Delivery reports (RFC 3464), read receipts (RFC 8098), complaints (RFC 5965), and the plain-text bounces of QQ
and NetEase, which follow no standard and are recognised by sender, subject and an address in the text."""

import re

from yizhan.channels.email.model import Address, Bounce, BouncedRecipient, BounceKind
from yizhan.channels.email.parsing.fields import message_id
from yizhan.channels.email.parsing.headers import Headers, split_headers
from yizhan.channels.email.parsing.mime import Part, Reading, decoded

_MAX_RECIPIENTS = 200
_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<!\d)([45]\d\d)(?=[ -])")
_ADDRESS = re.compile(r"[A-Za-z0-9._%+=-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_ORIGINAL_ID = re.compile(r"^Message-ID:\s*<([^<>\s]{1,990})>", re.MULTILINE | re.IGNORECASE)
_DAEMON = re.compile(r"^(mailer-daemon|postmaster|mail-daemon|mdaemon|abuse-postmaster)@", re.IGNORECASE)
_SUBJECT = re.compile(
    r"退信|退回|未送达|无法送达|無法傳送|投递失败|投遞失敗|undeliver|returned mail|"
    r"mail delivery (failed|failure|system)|delivery (status notification|has failed|failure)|"
    r"failure notice|email is returned",
    re.IGNORECASE,
)
_ABSENT = re.compile(
    r"不存在|无此用户|没有此用户|查无此人|无效的?(收件人|地址)|user unknown|"
    r"(user|recipient|mailbox|address)[^.\n]{0,30}(not found|not exist|unknown|unavailable|invalid)|"
    r"no such (user|recipient|mailbox)|unknown user|does not exist",
    re.IGNORECASE,
)
_FULL = re.compile(
    r"已满|容量|配额|空间不足|mailbox (is )?full|over ?quota|quota exceeded|insufficient storage", re.IGNORECASE
)
_REFUSED = re.compile(
    r"垃圾|拒收|拒绝|黑名单|屏蔽|spam|blocked|blacklist|policy|reject|denied|dmarc|spf|dkim", re.IGNORECASE
)
_LATER = re.compile(r"稍后|延迟|暂时|delayed|temporar|will (retry|be retried)|still being", re.IGNORECASE)


def read_bounce(
    reports: list[Part],
    reading: Reading,
    *,
    sender: Address,
    null_sender: bool,
    subject: str,
    text: str,
    verp: str,
    own: set[str],
) -> Bounce | None:
    """None when the mail reports nothing about a mail of ours. `own` are the addresses it came to."""
    original = _original_id(reports, reading)
    for part in reports:
        groups = _groups(decoded(reading, part))
        if part.content_type == "message/delivery-status" and groups:
            return _delivery_report(groups, original, verp)
        if part.content_type == "message/disposition-notification" and groups:
            return _receipt(groups[0], original, verp)
        if part.content_type == "message/feedback-report" and groups:
            return _complaint(groups[0], original, verp)
    if (_DAEMON.match(sender.email) or null_sender) and _SUBJECT.search(subject):
        return _from_words(subject, text, sender, original, verp, own)
    return None


def _groups(body: bytes) -> list[Headers]:
    """Field groups between blank lines."""
    groups: list[Headers] = []
    at = 0
    while at < len(body) and len(groups) <= _MAX_RECIPIENTS:
        headers, following = split_headers(body, at, len(body))
        if headers.fields:
            groups.append(headers)
        if following <= at:
            break
        at = following
    return groups


def _original_id(reports: list[Part], reading: Reading) -> str:
    for part in reports:
        if part.content_type in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
            body = decoded(reading, part)
            headers, _ = split_headers(body, 0, len(body))
            if headers.has("message-id"):
                return message_id(headers.raw("message-id"))
    return ""


def _after_type(value: str) -> str:
    """`rfc822; a@b` without its type."""
    return value.partition(";")[2].strip(" <>") if ";" in value else value.strip(" <>")


def _delivery_report(groups: list[Headers], original: str, verp: str) -> Bounce:
    about, *people = groups
    if about.has("final-recipient") or about.has("original-recipient"):
        people = groups
    recipients = tuple(_recipient(person) for person in people if person.has("action") or person.has("status"))
    first = recipients[0] if recipients else BouncedRecipient("", "failed", "", "")
    return Bounce(
        kind=classify(first.action, first.status, first.diagnostic),
        recipients=recipients,
        original_message_id=original or message_id(about.raw("original-message-id")),
        verp=verp,
        reporting_mta=_after_type(about.text("reporting-mta")),
    )


def _recipient(person: Headers) -> BouncedRecipient:
    original, final = person.text("original-recipient"), person.text("final-recipient")
    diagnostic = _after_type(person.text("diagnostic-code"))[:1000]
    status = _ENHANCED.search(person.text("status")) or _ENHANCED.search(diagnostic)
    return BouncedRecipient(
        address=(_after_type(original) or _after_type(final))[:320],
        action=person.text("action").split(" ")[0].lower(),
        status=status.group(1) if status else "",
        diagnostic=diagnostic,
    )


def classify(action: str, status: str, diagnostic: str) -> BounceKind:
    """What an undelivered mail means for the address (RFC 3463 classes, then words)."""
    if action in ("delivered", "relayed", "expanded"):
        return BounceKind.DELIVERED
    if action == "delayed":
        return BounceKind.DELAYED
    if status in ("5.2.2", "4.2.2") or _FULL.search(diagnostic):
        return BounceKind.SOFT
    if status.startswith("5.1.") or _ABSENT.search(diagnostic):
        return BounceKind.HARD
    if status.startswith("5.7.") or _REFUSED.search(diagnostic):
        return BounceKind.POLICY
    if status.startswith("4."):
        return BounceKind.SOFT if action == "failed" else BounceKind.DELAYED
    return BounceKind.HARD if status.startswith("5.") else BounceKind.UNKNOWN


def says_absent(diagnostic: str) -> bool:
    """Whether a server's words, Chinese or English, mean that there is no such address."""
    return _ABSENT.search(diagnostic) is not None


def _receipt(fields: Headers, original: str, verp: str) -> Bounce:
    disposition = fields.text("disposition").rpartition(";")[2].strip().split("/")[0].lower()
    recipient = BouncedRecipient(_after_type(fields.text("final-recipient")), disposition, "", "")
    return Bounce(
        BounceKind.READ if disposition == "displayed" else BounceKind.UNKNOWN,
        (recipient,),
        message_id(fields.raw("original-message-id")) or original,
        verp,
    )


def _complaint(fields: Headers, original: str, verp: str) -> Bounce:
    person = fields.text("original-rcpt-to") or fields.text("final-recipient")
    recipient = BouncedRecipient(_after_type(person), "complaint", "", fields.text("feedback-type"))
    return Bounce(BounceKind.COMPLAINT, (recipient,), original, verp)


def _from_words(subject: str, text: str, sender: Address, original: str, verp: str, own: set[str]) -> Bounce:
    """A bounce in prose: the first strange address, the first code, and the sentence around it."""
    text = text[:20_000]
    daemon_domain = sender.key.rpartition("@")[2]
    named = [found.group() for found in _ADDRESS.finditer(text)]
    address = next((one for one in named if not _DAEMON.match(one) and one.lower() not in own | {sender.key}), "")
    enhanced = _ENHANCED.search(text)
    code = _REPLY_CODE.search(text)
    status = enhanced.group(1) if enhanced else f"{code.group(1)[0]}.0.0" if code else ""
    at = code.start() if code else 0
    diagnostic = " ".join(text[max(0, at - 200) : at + 400].split())[:500]
    later = _LATER.search(subject) is not None
    kind = BounceKind.DELAYED if later else classify("failed", enhanced.group(1) if enhanced else "", text)
    if kind is BounceKind.UNKNOWN and status.startswith("5."):
        kind = BounceKind.HARD
    identified = _ORIGINAL_ID.search(text)
    return Bounce(
        kind=kind,
        recipients=(BouncedRecipient(address, "delayed" if later else "failed", status, diagnostic),),
        original_message_id=original or (identified.group(1) if identified else ""),
        verp=verp,
        reporting_mta=daemon_domain,
    )
