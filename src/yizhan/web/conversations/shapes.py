"""What goes over the wire about conversations and their messages."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from yizhan.desk.channels import OWN, Capabilities
from yizhan.desk.serving import Standpoint
from yizhan.desk.views import ConversationRow, MessageRow, NoteRow, TicketRow
from yizhan.desk.words import Held
from yizhan.records.outbox import Room
from yizhan.records.promises import PromiseKind
from yizhan.web.shapes import Locale

Text = Annotated[str, Meta(max_length=20_000, pattern=r"^[^\x00]*$")]
Words = Annotated[str, Meta(min_length=1, max_length=4_000, pattern=r"^[^\x00]*$")]
Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class LoadShape(msgspec.Struct):
    live: int
    live_cap: int
    async_: int = msgspec.field(name="async")
    async_cap: int


class MineShape(msgspec.Struct):
    items: list[ConversationRow]
    load: LoadShape


class ConversationList(msgspec.Struct):
    items: list[ConversationRow]


class Capability(msgspec.Struct):
    """What can be done on a channel, shown before typing."""

    reply: bool
    reason: str | None
    recall: bool
    files: bool
    html: bool
    quota: QuotaShape | None = None
    most_chars: int | None = None
    most_bytes: int | None = None
    file_kinds: dict[str, KindLimit] = {}
    sends: list[str] = []
    receipts: list[str] = []
    together: bool = True
    public: bool = False
    free: bool = True
    quote: bool = False
    templates: list[TemplateOffer] = []
    parts: PartsShape | None = None


class KindLimit(msgspec.Struct):
    """What a file of a kind (image, voice, video, file) may be; no types for any."""

    most: int
    types: list[str]


class TemplateOffer(msgspec.Struct):
    """A text the vendor has approved; `blanks` are asked for."""

    key: str
    text: str
    blanks: list[str]
    marketing: bool


class PartsShape(msgspec.Struct):
    """A text of up to `one` characters is one message, a longer one is cut after `each`; `around` are added to any
    text, `framed` besides to words of one's own."""

    one: int
    each: int
    around: int
    framed: int


class QuotaShape(msgspec.Struct):
    """剩余 `left` 条 until then (null: any number); the last `reserved` are kept for 邀评 unless people need them."""

    left: int | None
    until: datetime | None
    reserved: int


class ReachableRow(msgspec.Struct):
    conversation: ConversationRow
    capability: Capability


class SuggestionShape(msgspec.Struct):
    """可能与 #N 是同一件事"""

    conversation_id: UUID
    ticket_id: UUID
    number: int


class WorkShape(msgspec.Struct):
    """A ticket, or a conversation that has none, with everything its screen shows."""

    ticket: TicketRow | None
    conversations: list[ReachableRow]
    messages: list[MessageRow]
    before: UUID | None
    notes: list[NoteRow]
    suggestion: SuggestionShape | None
    merged: list[UUID]
    pos: str


class MessagePage(msgspec.Struct):
    messages: list[MessageRow]
    before: UUID | None


class FileRef(msgspec.Struct):
    hash: Hash
    name: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class PromiseGiven(msgspec.Struct):
    """承诺: what the reply promises by when, as `/promises/recognise` found it. Without `text` it is the reply's words.

    One whose time passed while the reply waited to be sent is let go; the reply is not."""

    due: Annotated[datetime, Meta(tz=True)]
    kind: PromiseKind = PromiseKind.REPLY
    text: Annotated[str, Meta(max_length=500, pattern=r"^[^\x00]*$")] = ""


class TemplateGiven(msgspec.Struct):
    """模板消息: an approved text of the channel with its blanks filled in, in place of words of one's own."""

    key: Annotated[str, Meta(min_length=1, max_length=200)]
    blanks: dict[str, Annotated[str, Meta(max_length=1_000, pattern=r"^[^\x00]*$")]] = {}


class NewMessage(msgspec.Struct):
    """`seen` is what was on the writer's screen: a reply that a colleague overtook is then refused as a conflict.
    `quick_reply` is the one it was written from: its use is counted. `quote` is the message that it answers. `draft` is
    the version of the draft on the server that ends with it. `order` is one of the customer's: it goes after the words,
    as a card where the channel has cards."""

    client_id: Annotated[str, Meta(min_length=1, max_length=100)]
    text: Text = ""
    attachments: Annotated[list[FileRef], Meta(max_length=20)] = []
    note: bool = False
    ticket_id: UUID | None = None
    mentions: Annotated[list[UUID], Meta(max_length=20)] = []
    then: Literal["pending"] | None = None
    locale: Locale = "zh-CN"
    promise: PromiseGiven | None = None
    template: TemplateGiven | None = None
    seen: Standpoint | None = None
    quick_reply: Annotated[str, Meta(max_length=80)] | None = None
    quote: UUID | None = None
    draft: UUID | None = None
    order: UUID | None = None


class HeldReply(msgspec.Struct):
    """A reply that waits for a yes, or what became of it. `found` are the words it waits for."""

    id: UUID
    conversation_id: UUID
    text: str
    state: str
    found: list[FoundWord]
    reason: str | None
    client_id: str
    at: datetime
    author: str


class FoundWord(msgspec.Struct):
    """`text[start:end]` as it was written stands for `word` of the dictionary."""

    word: str
    title: str
    hint: str
    title_en: str
    hint_en: str
    start: int
    end: int


class SentShape(msgspec.Struct):
    """`held` instead of a message: it goes when somebody who may has said yes."""

    message: MessageRow | None
    repeated: bool
    held: HeldReply | None = None


class SummaryShape(msgspec.Struct):
    type: str
    solved: Literal["solved", "unsolved", "follow_up"]
    text: Words


class ProposalShape(msgspec.Struct):
    type: str
    solved: str
    text: str
    own_words_needed: bool


class EndRequest(msgspec.Struct):
    """`fields` are what the form of the summary's type asks for before its ticket may go on."""

    summary: SummaryShape
    fields: Annotated[dict[str, Any], Meta(max_length=200)] = {}


class EndedShape(msgspec.Struct):
    conversation: ConversationRow
    ticket: TicketRow | None


class ReadRequest(msgspec.Struct):
    message_id: UUID


def held_reply(one: Held) -> HeldReply:
    found = [
        FoundWord(
            f["word"], f["title"], f["hint"], f.get("title_en") or f["title"], f.get("hint_en") or f["hint"],
            f["start"], f["end"],
        )
        for f in one.found
    ]  # fmt: skip
    return HeldReply(
        one.id, one.conversation_id, one.text, one.state.value, found, one.reason, one.client_id, one.created_at,
        one.author,
    )  # fmt: skip


def capability(
    row: ConversationRow, can: Capabilities | None, room: Room | None = None, now: datetime | None = None
) -> Capability:
    """By channel. A chat on our own page that has ended cannot be answered there: nobody would read it."""
    reason = "conversation_ended" if row.phase == "ended" and row.live and row.channel in OWN else None
    can = can or Capabilities()
    if reason is None and room is not None and room.left == 0:
        over = room.until is None or (now is not None and now >= room.until)
        reason = "window_closed" if over else "quota_exhausted"
    return Capability(
        reply=reason is None,
        reason=reason,
        recall=can.recall is not None,
        files=bool(can.files),
        html=row.channel == "email",
        quota=quota_shape(room),
        most_chars=can.text_chars or None,
        most_bytes=can.text_bytes or None,
        file_kinds={kind: KindLimit(each.most, list(each.types)) for kind, each in can.files.items()},
        sends=sorted(can.kinds),
        receipts=sorted(can.receipts),
        together=can.together,
        public=can.public,
        free=can.free,
        quote=can.quote,
        templates=[TemplateOffer(each.key, each.text, list(each.blanks), each.marketing) for each in can.templates],
        parts=msgspec.convert(can.parts, PartsShape, from_attributes=True) if can.parts else None,
    )


def quota_shape(room: Room | None) -> QuotaShape | None:
    return QuotaShape(room.left, room.until, room.reserved) if room is not None else None


def attachment(ref: FileRef, content_type: str, size: int) -> dict[str, Any]:
    """As a message keeps it: the type is the blob's own, never what the client says."""
    return {"hash": ref.hash, "name": ref.name, "type": content_type, "size": size, "inline": False}
