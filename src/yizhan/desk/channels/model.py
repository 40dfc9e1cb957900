"""What a channel is: what it is called, what it can do, what comes in through it and what it needs to send."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec

from yizhan.desk.intake import Sender as Who
from yizhan.records.contacts import Identifier
from yizhan.records.outbox import ErrorClass

MediaKind = Literal["image", "voice", "video", "file"]
SAME_WORDS: Mapping[str, MediaKind] = {"image": "image", "voice": "voice", "video": "video", "file": "file"}
"""Of a vendor who says it as we do."""
ReportState = Literal["sent", "delivered", "read", "failed"]


class Words(msgspec.Struct, frozen=True):
    zh: str
    en: str


class FormField(msgspec.Struct, frozen=True, kw_only=True):
    """One thing an administrator fills in. `key` names a field of the settings, or with `secret` one of the secrets.

    What may stand in it is said by the type of the settings; this says how it is asked for.
    """

    key: str
    label: Words
    help: Words = Words("", "")
    secret: bool = False
    required: bool = False
    kind: Literal["text", "long", "number", "switch", "choice", "list"] = "text"
    choices: tuple[tuple[str, Words], ...] = ()
    advanced: bool = False  # an address or a figure that only changes when the vendor changes it


class SetupStep(msgspec.Struct, frozen=True):
    """What to do at the vendor's, in order. `{callback}` stands for the address that is copied there."""

    text: Words


class FileLimit(msgspec.Struct, frozen=True):
    """What a file of a kind may be: `most` bytes, and the content types the vendor takes (empty for any)."""

    most: int
    types: tuple[str, ...] = ()


class TextParts(msgspec.Struct, frozen=True):
    """A text of up to `one` characters is one message to the vendor, a longer one is cut after `each` of them. `around`
    are those added to any text, a signature; `framed` those around words of one's own, besides."""

    one: int
    each: int
    around: int = 0
    framed: int = 0


class ChannelTemplate(msgspec.Struct, frozen=True):
    """A text the vendor has approved; `blanks` are filled in. It is sent as a message of kind `template` whose payload
    is {template: key, blanks: {name: words}}."""

    key: str
    text: str
    blanks: tuple[str, ...] = ()
    marketing: bool = False


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What an agent may do on a channel; shown before he types, kept by the server.

    `text_chars`/`text_bytes` bound one message (0: none). `files` by kind: image, voice, video, file. `kinds` are the
    further things that can be sent: location, link, card, menu, template. `receipts` are the states after `sent` that
    the vendor reports. `together`: text and files go in one message; else each is a message of its own. `recall`:
    how long after sending the vendor takes one back. `public`: everybody reads it. `templates_outside`: when the
    window is shut an approved template may still go. `first`: we may write to an address that never wrote to us.
    `parts`: how long texts are cut, and paid for. `free`: words of one's own go at all, not templates alone. `quote`:
    a message can be answered so that the vendor shows which.
    """

    text_chars: int = 0
    text_bytes: int = 0
    files: Mapping[str, FileLimit] = {}
    kinds: frozenset[str] = frozenset()
    receipts: frozenset[Literal["delivered", "read"]] = frozenset()
    together: bool = False
    recall: timedelta | None = None
    public: bool = False
    templates_outside: bool = False
    first: bool = False
    free: bool = True
    quote: bool = False
    templates: tuple[ChannelTemplate, ...] = ()
    parts: TextParts | None = None


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One inbox as its channel sees it: settings and secrets already of the channel's own types.

    `unsaid`: people can take back here what they said.
    """

    inbox_id: UUID
    key: str
    channel: str
    settings: Any
    secrets: Any
    unsaid: bool = False


# what comes to a hook -------------------------------------------------------------------------------------------------


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """As it came, whole and bounded, and nothing of it believed. Header names in lower case; `query` undecoded."""

    method: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    peer: str = ""

    def header(self, name: str) -> str:
        return self.headers.get(name, "")


class Reply(msgspec.Struct, frozen=True):
    """What the vendor is answered once everything that came is durable."""

    body: bytes = b""
    media_type: str = "text/plain; charset=utf-8"
    status: int = 200


class Heard(msgspec.Struct, frozen=True):
    """What a request, or a page that was pulled, means."""

    happenings: tuple[Happening, ...] = ()
    reply: Reply = Reply()


# what happened --------------------------------------------------------------------------------------------------------


class Media(msgspec.Struct, frozen=True, kw_only=True):
    """A file that lies at the vendor, or came along.

    `ref` is whatever the channel needs to fetch it; `expires_at` when the vendor will have dropped it. `content` is
    set where the file came with the message. `type` and `name` may be unknown before it is fetched.
    """

    kind: MediaKind
    ref: Mapping[str, str] = {}
    name: str = ""
    type: str = ""
    size: int = 0
    content: bytes | None = None
    expires_at: datetime | None = None


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """A message of a customer.

    `id` is the vendor's, a string, the same at every delivery; where the vendor gives none the parser makes one of what
    cannot change. `kind` is one of text image voice video file location link card sticker event unsupported; `payload`
    holds what the workbench draws (keys by kind: see docs/channels.md; for `unsupported`, what was named of it).
    `proofs` are further identifiers the vendor vouches for. `opens` is the trigger of the reply window, `message`
    unless the vendor counts it as something else. `raw` is what came, kept sealed beside a message nobody could read.
    `continues`: it concerns us only if his conversation here is open and something was said in it within so long.
    `of` is the person himself where `who` is he in one thread: under a post. Each thread is a conversation of its own.
    """

    id: str
    who: Who
    name: str
    kind: str = "text"
    text: str = ""
    payload: dict[str, Any] | None = None
    media: tuple[Media, ...] = ()
    at: datetime | None = None
    proofs: tuple[Identifier, ...] = ()
    origin: dict[str, Any] = {}
    locale: str | None = None
    order_no: str | None = None
    opens: str = "message"
    automatic: bool = False
    raw: bytes = b""
    continues: timedelta | None = None
    of: Who | None = None


class ChannelEvent(msgspec.Struct, frozen=True, kw_only=True):
    """Something a customer did that is no message: follow, unfollow, scan, menu, enter, authorise …

    It stands in his timeline, opens a reply window if the inbox has a rule for `kind`, and begins no conversation.
    After `unsubscribe` he is sent no notices and no marketing at this address.
    """

    id: str
    who: Who
    name: str
    kind: str
    detail: dict[str, Any] = {}
    at: datetime | None = None
    proofs: tuple[Identifier, ...] = ()


class DeliveryReport(msgspec.Struct, frozen=True, kw_only=True):
    """What the vendor says of a message of ours, known by the `vendor_id` of its receipt. May come twice, late, or
    before the answer to the call that sent it. `ours` is the id we sent along, where the vendor says it back: it also
    settles a message whose call was never answered."""

    vendor_id: str
    state: ReportState
    ours: UUID | None = None
    error_class: ErrorClass = ErrorClass.UNKNOWN
    words: str = ""
    at: datetime | None = None


class Recall(msgspec.Struct, frozen=True, kw_only=True):
    """A customer took a message back: `id` is that of its Arrival."""

    id: str
    at: datetime | None = None


class Nudge(msgspec.Struct, frozen=True):
    """There is something to pull; `token` is what the vendor wants back with the pull.

    A vendor that calls one address for several accounts is told apart by `of`: the name of a setting and its value, of
    the inbox of this channel that is meant. None for the inbox that was called.
    """

    token: str = ""
    of: tuple[str, str] | None = None


Happening = Arrival | ChannelEvent | DeliveryReport | Recall | Nudge


class Pulled(msgspec.Struct, frozen=True):
    """One page. `cursor` is saved in the transaction that stores what it brought; `more`: another page waits."""

    happenings: tuple[Happening, ...]
    cursor: Any
    more: bool = False


class Fetched(msgspec.Struct, frozen=True):
    """A file from the vendor."""

    content: bytes
    name: str = ""
    type: str = ""
