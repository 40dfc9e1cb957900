"""What a mail is after parsing: frozen, complete, and never an exception."""

from datetime import datetime
from enum import StrEnum

import msgspec

MAX_DEPTH = 20  # nested multiparts and forwarded mails
MAX_PARTS = 500
MAX_HEADERS = 1_000
MAX_HEADER_BYTES = 256 * 1024
MAX_TEXT_CHARS = 1_000_000  # of one body; the raw mail keeps the rest


class Address(msgspec.Struct, frozen=True):
    """A mailbox; `email` keeps the local part as written and lowers the domain, `key` compares."""

    name: str
    email: str

    @property
    def key(self) -> str:
        return self.email.lower()


class Attachment(msgspec.Struct, frozen=True):
    """`sha256` is hex; `inline`: the HTML shows it by its Content-ID; `truncated`: only its head was fetched.

    `blocked` says why nobody may open it; empty where somebody may.
    """

    name: str
    content_type: str
    size: int
    sha256: str
    content: bytes
    content_id: str = ""
    inline: bool = False
    truncated: bool = False
    blocked: str = ""


class BounceKind(StrEnum):
    """What the desk should do: suppress the address, try later, tell an administrator, or only note it."""

    HARD = "hard"
    SOFT = "soft"
    POLICY = "policy"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    READ = "read"
    COMPLAINT = "complaint"
    UNKNOWN = "unknown"


class BouncedRecipient(msgspec.Struct, frozen=True):
    """One recipient group of RFC 3464; `status` is the enhanced code x.y.z or empty."""

    address: str
    action: str
    status: str
    diagnostic: str


class Bounce(msgspec.Struct, frozen=True):
    """A delivery report about a mail of ours. `verp` is the plus-address it came back to, not yet verified."""

    kind: BounceKind
    recipients: tuple[BouncedRecipient, ...]
    original_message_id: str = ""
    verp: str = ""
    reporting_mta: str = ""

    @property
    def status(self) -> str:
        return self.recipients[0].status if self.recipients else ""

    @property
    def action(self) -> str:
        return self.recipients[0].action if self.recipients else ""

    @property
    def diagnostic(self) -> str:
        return self.recipients[0].diagnostic if self.recipients else ""


class AuthMethod(msgspec.Struct, frozen=True):
    """One `method=result` with its properties, as `header.d` or `smtp.mailfrom`."""

    method: str
    result: str
    properties: dict[str, str]


class AuthResults(msgspec.Struct, frozen=True):
    """One Authentication-Results header. Believe it only if `authserv_id` is our own receiving host's."""

    authserv_id: str
    methods: tuple[AuthMethod, ...]

    @property
    def results(self) -> dict[str, str]:
        """The first result of each method."""
        return {one.method: one.result for one in reversed(self.methods)}


class Verdict(StrEnum):
    """Only `passed` vouches for the sender; `failed` is what his own domain asks others to distrust."""

    PASSED = "passed"
    FAILED = "failed"
    UNPROVED = "unproved"


class SenderProof(msgspec.Struct, frozen=True):
    """Whether the domain in From stands behind the mail. `domain` is the one that proved it; `by` who looked:

    "server" for our own receiving host, "own" for us. Results are the words of RFC 8601, "none" where nothing is known.
    """

    spf: str = "none"
    dkim: str = "none"
    dmarc: str = "none"
    arc: str = "none"
    domain: str = ""
    by: str = ""
    verdict: Verdict = Verdict.UNPROVED

    @property
    def failed(self) -> bool:
        return self.verdict is Verdict.FAILED

    @property
    def passed(self) -> bool:
        return self.verdict is Verdict.PASSED


class CalendarEvent(msgspec.Struct, frozen=True):
    """An invitation as its sender wrote it; times are iCalendar text because their zone may be private."""

    method: str
    summary: str
    start: str
    end: str
    location: str
    organizer: str


class ParsedMail(msgspec.Struct, frozen=True, kw_only=True):
    """A mail as the desk needs it. `raw` is always the whole input, so nothing that was not understood is lost."""

    raw: bytes
    raw_sha256: str
    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    from_: Address = Address("", "")
    sender: Address = Address("", "")
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    delivered_to: tuple[str, ...] = ()
    return_path: str | None = None  # None: no such header; "" is the null sender of reports
    subject: str = ""
    normalised_subject: str = ""
    date: datetime | None = None
    text: str = ""
    html: str = ""
    visible_text: str = ""
    quoted_text: str = ""
    attachments: tuple[Attachment, ...] = ()
    events: tuple[CalendarEvent, ...] = ()
    auto_reply: bool = False
    auto_reply_reason: str = ""
    no_auto_reply: tuple[str, ...] = ()  # every reason why a machine must not answer (RFC 3834)
    loop: bool = False  # carries our own loop mark
    list_mail: bool = False
    list_id: str = ""
    bounce: Bounce | None = None
    auth: tuple[AuthResults, ...] = ()
    authors: int = 1  # From fields and mailboxes in them: more than one proves nothing about any
    thread_index: str = ""  # hex of the first 22 bytes of Outlook's Thread-Index
    encrypted: str = ""  # "pgp", "smime" or empty
    signed: str = ""
    defects: tuple[str, ...] = ()
    unsupported: bool = False
    truncated: bool = False
